using System.Text.Json;

namespace OrleansBackup.GraphSimulator.Admin;

/// <summary>What a mailbox holds beside mail, or what a OneDrive, site or team holds, at a moment: all kinds in one form, so that whoever compares needs one way only.</summary>
/// <param name="At">The moment.</param>
/// <param name="Things">Containers and what lies in them.</param>
public sealed record ThingsState(DateTimeOffset At, IReadOnlyList<StateThing> Things);

/// <summary>Something that Graph shows.</summary>
/// <param name="Kind"><c>calendar</c>, <c>event</c>, <c>contact-folder</c>, <c>contact</c>, <c>task-list</c>, <c>task</c>, <c>drive-folder</c>, <c>file</c>, <c>list</c>, <c>list-item</c>, <c>page</c>,
/// <c>team</c>, <c>team-member</c>, <c>channel</c>, <c>channel-message</c>, <c>channel-event</c> or <c>tab</c>.</param>
/// <param name="Id">Graph's. Where that is unique in a drive, list, site or channel only: the id of that, a tilde, and its own; an answer's own is its post's, a dot, and its own.</param>
/// <param name="ContainerId">The id of what it lies in; null: at the top, or not told.</param>
/// <param name="Name">What people call it; null: it has none of its own.</param>
/// <param name="Properties">In Graph's own form, as far as it can be told for any moment.</param>
/// <param name="Contents">Every stream of bytes that hangs on it.</param>
public sealed record StateThing(string Kind, string Id, string? ContainerId, string? Name, JsonElement Properties, IReadOnlyList<StateContent> Contents)
{
    /// <summary>False: the service fails on it for ever, so nobody can hold it.</summary>
    public bool IsReadable { get; init; } = true;
}

/// <summary>Bytes. <paramref name="Name"/>: <c>content</c> of a file, <c>photo</c>, <c>hosted-</c> and the picture's id, or <c>attachment</c>, a blank, and its name.
/// <paramref name="Sha256"/>: in small hexadecimal; null for a link, which has no bytes.</summary>
public sealed record StateContent(string Name, string? Sha256);
