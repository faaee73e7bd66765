using OrleansBackup.Grains.Mailboxes.Exports;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Exports;
using OrleansBackup.Microsoft365.Items;

namespace OrleansBackup.Grains.Mailboxes.Items;

/// <summary>One part of a mailbox beside its mail: calendars, contacts or tasks. A mailbox without it is backed up all the same, and says so.</summary>
internal sealed class ItemPart(ItemPartKind kind, IItemSource source, ItemExports? exports = null) : IRunPart
{
    public string Name => kind.Part;

    public bool IsEssential => false;

    public async Task BackUpAsync(RunSession session, CancellationToken cancellation)
    {
        session.Board.Step($"Reading {kind.Part}");
        System.Collections.Immutable.ImmutableArray<ItemContainer> containers;
        try
        {
            containers = await source.ReadContainersAsync(cancellation);
        }
        catch (Exception exception) when (exception is MailboxUnavailableException or GraphRefusedException)
        {
            // The mail was there a moment ago: kinds of mailboxes differ in what else they have. What earlier runs brought of it stays.
            session.Lack(kind.Part, exception.Message);
            return;
        }
        exports?.Join(session);
        using var run = new ItemRun(kind, source, session, exports);
        await run.BackUpAsync(containers, cancellation);
    }
}

/// <summary>What distinguishes calendars, contacts and tasks in the item table.</summary>
/// <param name="Part">A word of <see cref="ItemIds"/>.</param>
/// <param name="Container">The kind of what the items lie in.</param>
/// <param name="Group">The kind of what containers lie in, where that is another; else the same.</param>
/// <param name="Item">The kind of the items.</param>
internal sealed record ItemPartKind(string Part, string Container, string Group, string Item)
{
    public static ItemPartKind Calendar { get; } = new(ItemIds.Calendar, ItemKinds.Calendar, ItemKinds.CalendarGroup, ItemKinds.Event);

    public static ItemPartKind Contacts { get; } = new(ItemIds.Contacts, ItemKinds.ContactFolder, ItemKinds.ContactFolder, ItemKinds.Contact);

    public static ItemPartKind Tasks { get; } = new(ItemIds.Tasks, ItemKinds.TaskList, ItemKinds.TaskList, ItemKinds.Task);

    public static IReadOnlyList<ItemPartKind> All { get; } = [Calendar, Contacts, Tasks];

    /// <summary>The same for the connector.</summary>
    public ContainedKind Contained => Part switch
    {
        ItemIds.Calendar => ContainedKind.Events,
        ItemIds.Contacts => ContainedKind.Contacts,
        _ => ContainedKind.Tasks,
    };

    public string IdOf(string graphId) => ItemIds.Of(Part, graphId);
}
