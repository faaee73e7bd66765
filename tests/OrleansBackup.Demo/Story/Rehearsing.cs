using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Output;

namespace OrleansBackup.Demo.Story;

/// <summary>Asks for one rehearsal that really restores what it draws, and looks for itself whether all of it came back and nothing of it stayed.</summary>
internal sealed class Rehearsing(DemoWorld world, OnboardedTenant tenant)
{
    private const int Items = 12;

    /// <exception cref="DemoFailedException">An item did not come back as it was, none was restored, something stayed behind, or somebody was told.</exception>
    public async Task<RehearsalAnswer> RunAsync(CancellationToken cancellation)
    {
        var before = await LookAsync(cancellation);
        var name = (await world.Api.PostAsync<RehearsalAnswer>($"{tenant.Path}/rehearsals", new { why = "the demonstration", minimum = Items }, cancellation)).Name;
        var path = $"{tenant.Path}/rehearsals/{Uri.EscapeDataString(name)}";
        var held = await WaitAsync(path, cancellation);
        world.Output.Line($"rehearsal {held.Name}: {held.Drawn} items drawn, {held.Restored} really restored and taken away again, {held.Same} as they were, {held.Failed} not; record {held.RecordHash}");
        // What could not be taken away at once is owed, and tried again: it has to be gone in the end.
        await world.Patience.WhileProgressingAsync("the clearing of what was rehearsed", async stop =>
        {
            var after = await LookAsync(stop);
            var left = await TracesAsync(stop); // the one that the service holds by itself may be under way
            return (left.Count == 0 && before.SequenceEqual(after), $"left behind: {string.Join(", ", left.Concat(after.Except(before)).Take(5))}; taken away: {string.Join(", ", before.Except(after).Take(5))}");
        }, cancellation);
        return held.Failed > 0 || held.Same != held.Drawn ? throw new DemoFailedException($"{held.Failed} of {held.Drawn} rehearsed items did not come back as they were")
            : held.Restored == 0 ? throw new DemoFailedException("the rehearsal restored nothing")
            : string.IsNullOrEmpty(held.RecordHash) ? throw new DemoFailedException("the rehearsal has no record")
            : held;
    }

    private async Task<RehearsalAnswer> WaitAsync(string path, CancellationToken cancellation)
    {
        RehearsalAnswer? last = null;
        await world.Output.ProgressAsync(async board => await world.Patience.WhileProgressingAsync("the rehearsal", async stop =>
        {
            last = await world.Api.GetAsync<RehearsalAnswer>(path, stop);
            board.Show("rehearsing", last.Same + last.Failed, last.Drawn, $"({last.Restored} restored)");
            return (last.Stage == "done", $"{last.Stage}, {last.Same + last.Failed} of {last.Drawn}");
        }, cancellation));
        return last!;
    }

    private async Task<List<string>> TracesAsync(CancellationToken cancellation)
    {
        var all = new List<string>();
        foreach (var resource in tenant.Resources)
            all.AddRange((await world.Simulator.Api.TracesAsync(tenant.Simulated, resource.Kind, resource.ObjectId, cancellation)).Select(id => $"{resource.ResourceId} {id}"));
        return all;
    }

    /// <summary>Everything that the customer has in Microsoft 365 now, and how many messages the service has sent to people.</summary>
    private async Task<List<string>> LookAsync(CancellationToken cancellation)
    {
        var all = new List<string> { $"{await world.Simulator.Api.CountSentAsync(tenant.Simulated, cancellation)} messages to people" };
        foreach (var resource in tenant.Resources)
        {
            var things = await world.Simulator.Api.ThingsAsync(tenant.Simulated, resource.Kind, resource.ObjectId, null, cancellation);
            // The service makes a channel's own folder for whoever looks at it first.
            all.AddRange(things.Where(thing => thing is not { Kind: "drive-folder", Name: "General" }).Select(thing => $"{resource.ResourceId} {thing.Kind} {thing.Id}"));
            if (resource.Kind != "mailbox")
                continue;
            var mail = await world.Simulator.Api.StateAsync(tenant.Simulated, resource.ObjectId, null, cancellation);
            all.AddRange(mail.Folders.Select(folder => $"{resource.ResourceId} folder {folder.Id}"));
            all.AddRange(mail.Messages.Select(message => $"{resource.ResourceId} message {message.Id}"));
        }
        all.Sort(StringComparer.Ordinal);
        return all;
    }
}
