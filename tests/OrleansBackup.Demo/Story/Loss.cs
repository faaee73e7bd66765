using System.Collections.Immutable;
using OrleansBackup.Demo.Comparison;
using OrleansBackup.Demo.Output;

namespace OrleansBackup.Demo.Story;

/// <summary>What goes wrong at the customer's: a message deleted for good, a folder deleted with all in it, a mailbox emptied.</summary>
/// <remarks>Each thing existed at the chosen restore point and still does, so that it can be lost now and be asked for as it was then.</remarks>
internal sealed class Loss(DemoWorld world, OnboardedTenant tenant, LivedDay chosen)
{
    public async Task<ImmutableArray<LostThing>> RunAsync(CancellationToken cancellation)
    {
        world.Output.Heading("Losing things");
        var mailboxes = tenant.Mailboxes.Intersect(chosen.Mailboxes).OrderBy(mailbox => mailbox.Address, StringComparer.Ordinal).ToList();
        if (mailboxes.Count < 3)
            throw new DemoFailedException("three protected mailboxes are needed: one loses a message, one a folder, one everything");
        var message = await FirstThatCanAsync(mailboxes, ChooseMessageAsync, "a message", cancellation);
        mailboxes.Remove(message.Mailbox);
        var folder = await FirstThatCanAsync(mailboxes, ChooseFolderAsync, "a folder", cancellation);
        mailboxes.Remove(folder.Mailbox);
        var everything = await EmptyAsync(mailboxes[0], cancellation);
        await world.Simulator.Api.DeleteMessageAsync(tenant.Simulated, message.Mailbox.ObjectId, message.Items[0].Id, cancellation);
        world.Output.Line($"{message.Mailbox.Address}: one message deleted for good");
        await world.Simulator.Api.DeleteFolderAsync(tenant.Simulated, folder.Mailbox.ObjectId, folder.FolderId!, cancellation);
        world.Output.Line($"{folder.Mailbox.Address}: folder '{string.Join(" / ", folder.Folders[0].Path)}' deleted with {Figures.Count(folder.Items.Length)} messages");
        return [message, folder, everything];
    }

    private static async Task<LostThing> FirstThatCanAsync(
        List<ProtectedResource> mailboxes, Func<ProtectedResource, CancellationToken, Task<LostThing?>> choose, string what, CancellationToken cancellation)
    {
        foreach (var mailbox in mailboxes)
        {
            if (await choose(mailbox, cancellation) is { } found)
                return found;
        }
        throw new DemoFailedException($"no mailbox has {what} that was there at the chosen point and still is");
    }

    private async Task<LostThing?> ChooseMessageAsync(ProtectedResource mailbox, CancellationToken cancellation)
    {
        var (then, now) = await ThenAndNowAsync(mailbox, cancellation);
        var still = now.Messages.Select(message => message.Id).ToHashSet(StringComparer.Ordinal);
        var places = UnchangedPlaces(then, now);
        var message = then.Messages.Where(message => still.Contains(message.Id) && places.Contains(message.FolderId)).OrderByDescending(message => message.Attachments.Length)
            .ThenBy(message => message.Id, StringComparer.Ordinal).FirstOrDefault();
        return message is null ? null : new LostThing("message", mailbox, null, [], [message]);
    }

    private async Task<LostThing?> ChooseFolderAsync(ProtectedResource mailbox, CancellationToken cancellation)
    {
        var (then, now) = await ThenAndNowAsync(mailbox, cancellation);
        var wellKnown = await world.Simulator.Api.WellKnownFoldersAsync(tenant.Simulated, mailbox.ObjectId, cancellation);
        var places = UnchangedPlaces(then, now);
        return then.Folders.Where(folder => !wellKnown.Contains(folder.Id) && places.Contains(folder.Id))
            .Select(folder => Below(mailbox, then, folder))
            .Where(thing => thing.Items.Length > 0)
            .MaxBy(thing => thing.Items.Length);
    }

    /// <summary>Folders that lie where they lay: where a folder was renamed meanwhile, two answers to "as it was" would be right.</summary>
    private static HashSet<string> UnchangedPlaces(MailboxPicture then, MailboxPicture now)
    {
        var paths = now.Folders.ToDictionary(folder => folder.Id, folder => folder.Path, StringComparer.Ordinal);
        return then.Folders.Where(folder => paths.TryGetValue(folder.Id, out var path) && path.SequenceEqual(folder.Path)).Select(folder => folder.Id).ToHashSet(StringComparer.Ordinal);
    }

    private static LostThing Below(ProtectedResource mailbox, MailboxPicture then, FolderPicture top)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal) { top.Id };
        var below = then.Folders.OrderBy(folder => folder.Path.Length).Where(folder => folder.ParentId is { } parent && ids.Contains(parent) && ids.Add(folder.Id)).ToList();
        return new LostThing("folder", mailbox, top.Id, [top, .. below], [.. then.Messages.Where(message => ids.Contains(message.FolderId))]);
    }

    private async Task<LostThing> EmptyAsync(ProtectedResource mailbox, CancellationToken cancellation)
    {
        var (then, _) = await ThenAndNowAsync(mailbox, cancellation);
        var gone = await world.Simulator.Api.EmptyMailboxAsync(tenant.Simulated, mailbox.ObjectId, cancellation);
        world.Output.Line($"{mailbox.Address}: the whole mailbox emptied, {Figures.Count(gone)} messages");
        var things = await world.Simulator.Api.ThingsAsync(tenant.Simulated, mailbox.Kind, mailbox.ObjectId, chosen.Truth, cancellation);
        return new LostThing("mailbox", mailbox, null, then.Folders, then.Messages) { StillThere = [.. things.Where(thing => thing.Kind is "event" or "contact" or "task").Select(thing => thing.Id)] };
    }

    private async Task<(MailboxPicture Then, MailboxPicture Now)> ThenAndNowAsync(ProtectedResource mailbox, CancellationToken cancellation) =>
        (await world.Simulator.Api.StateAsync(tenant.Simulated, mailbox.ObjectId, chosen.Truth, cancellation),
            await world.Simulator.Api.StateAsync(tenant.Simulated, mailbox.ObjectId, null, cancellation));
}

/// <summary>Something that was lost, as it was at the chosen restore point.</summary>
/// <param name="What">message, folder or mailbox.</param>
/// <param name="FolderId">The lost folder; null for the others.</param>
/// <param name="Folders">Folders that have to be there again.</param>
/// <param name="Items">Messages that have to be there again.</param>
public sealed record LostThing(string What, ProtectedResource Mailbox, string? FolderId, ImmutableArray<FolderPicture> Folders, ImmutableArray<MessagePicture> Items)
{
    /// <summary>Other things that the selection names too: nobody lost them, so they are skipped.</summary>
    public ImmutableArray<string> StillThere { get; init; } = [];
}
