using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Content;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>What lies in a mailbox beside mail.</summary>
public enum ItemKind
{
    CalendarGroup,
    Calendar,
    Event,
    ContactFolder,
    Contact,
    TaskList,
    Task,
}

/// <summary>A calendar, event, contact folder, contact, task list or task from its first day to its end, with every version.</summary>
/// <remarks>One class for all: they differ in properties, which are kept as the JSON that Graph shows, not in how they live.</remarks>
public sealed class MailboxItem(ItemKind kind, long number, string? wellKnownName)
{
    public ItemKind Kind { get; } = kind;

    /// <summary>The item's number in its mailbox; its id is made from it. Far above those of messages, so that none is mistaken for one.</summary>
    public long Number { get; } = number;

    /// <summary>A name that the service knows it by: <c>calendar</c>, <c>contacts</c>, <c>tasks</c>; null for most.</summary>
    public string? WellKnownName { get; } = wellKnownName;

    public ItemVersion Latest { get; internal set; } = null!;

    public bool IsContainer => Kind is not (ItemKind.Event or ItemKind.Contact or ItemKind.Task);

    /// <summary>The version that was true at <paramref name="time"/>; null before its first.</summary>
    public ItemVersion? At(DateTimeOffset time)
    {
        var version = Latest;
        while (version is not null && version.At > time)
            version = version.Previous;
        return version;
    }
}

/// <summary>An item as it was from one change to the next. Immutable: nobody changes <see cref="Properties"/>.</summary>
public sealed record ItemVersion
{
    public required MailboxItem Item { get; init; }
    public ItemVersion? Previous { get; init; }

    /// <summary>The mailbox's change number; <c>changeKey</c> is made from it.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The calendar, folder or list it lies in; null for containers at the top.</summary>
    public required MailboxItem? Container { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>Number of the id without the immutable-id preference; changes with every move.</summary>
    public required long MutableNumber { get; init; }

    /// <summary>What Graph shows and does not compute.</summary>
    public required JsonObject Properties { get; init; }

    /// <summary>Extended properties by normalised id.</summary>
    public ImmutableDictionary<string, string> Extended { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableArray<ItemAttachment> Attachments { get; init; } = [];

    /// <summary>A contact's picture; null: none.</summary>
    public ReadOnlyMemory<byte>? Photo { get; init; }

    /// <summary>Occurrences of a series that differ from it, by the day they were meant for.</summary>
    public ImmutableSortedDictionary<DateOnly, SeriesException> Exceptions { get; init; } = ImmutableSortedDictionary<DateOnly, SeriesException>.Empty;

    /// <summary>Occurrences of a series that were cancelled.</summary>
    public ImmutableSortedSet<DateOnly> Cancelled { get; init; } = [];
}

/// <summary>One occurrence that differs: what differs in it, and its own attachments.</summary>
public sealed record SeriesException(JsonObject Changes, ImmutableArray<ItemAttachment> Attachments);

/// <summary>An attachment of an event or task. <paramref name="Kind"/>: <c>file</c>, <c>item</c> or <c>reference</c>.</summary>
/// <param name="Key">Its number in the item; never reused there.</param>
/// <param name="Item">The nested item of an item attachment.</param>
/// <param name="SourceUrl">Where a reference leads.</param>
public sealed record ItemAttachment(int Key, string Kind, string Name, string? ContentType, bool IsInline, string? ContentId, AttachmentBytes Bytes, JsonObject? Item = null, string? SourceUrl = null);
