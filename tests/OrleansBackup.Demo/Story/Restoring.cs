using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Output;

namespace OrleansBackup.Demo.Story;

/// <summary>Asks the server to put lost things back as they were on the chosen day, and follows each job's events to its end.</summary>
internal sealed class Restoring(DemoWorld world, OnboardedTenant tenant, LivedDay chosen)
{
    public async Task<RestoredThing> RunAsync(LostThing lost, CancellationToken cancellation)
    {
        var (status, outcomes) = await AskAsync(lost.What, lost.Mailbox, Selection(lost), cancellation);
        return new RestoredThing(lost, status, outcomes);
    }

    public async Task<PutBackThing> RunAsync(TakenThing taken, CancellationToken cancellation)
    {
        var id = await new ThingReader(world.Api).FindAsync(chosen.PointPath(taken.Owner), taken.Thing, cancellation)
            ?? throw new DemoFailedException($"the {taken.What} {taken.Thing.Id} is not in the restore point of {chosen.Day:yyyy-MM-dd}");
        object selection = taken.IsContainer ? new { folderIds = new[] { id } } : new { itemIds = new[] { id } };
        var (status, outcomes) = await AskAsync(taken.What, taken.Owner, selection, cancellation);
        return new PutBackThing(taken, status, outcomes);
    }

    private async Task<(RestoreAnswer Status, ImmutableArray<OutcomeAnswer> Outcomes)> AskAsync(string what, ProtectedResource resource, object selection, CancellationToken cancellation)
    {
        var day = chosen.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var point = await world.Api.GetAsync<PointAnswer>(chosen.PointPath(resource), cancellation);
        var job = await world.Api.PostAsync<AcceptedAnswer>($"{tenant.Path}/restores", new { resource = resource.ResourceId, point = point.Sequence, selection, conflict = "skip" }, cancellation);
        var path = $"{tenant.Path}/restores/{job.Id}";
        var ended = await FollowAsync(what, path, cancellation);
        if (ended.Problem is not null)
            world.Output.Line($"the restore says: {ended.Problem}");
        var outcomes = ImmutableArray.CreateBuilder<OutcomeAnswer>();
        for (string? address = $"{path}/outcomes"; address is not null;)
        {
            var part = await world.Api.GetAsync<OutcomesAnswer>(address, cancellation);
            outcomes.AddRange(part.Outcomes);
            address = part.Next is null ? null : $"{path}/outcomes?after={part.Next}";
        }
        world.Output.Line($"{what} of {resource.Address} as of {day}: {ended.State}, asked {ended.Asked} = restored {ended.Restored} + skipped {ended.Skipped}"
            + $" + failed {ended.Failed}{(ended.WithLosses > 0 ? $"; {ended.WithLosses} with declared losses" : "")}");
        return (ended, outcomes.ToImmutable());
    }

    private async Task<RestoreAnswer> FollowAsync(string what, string path, CancellationToken cancellation)
    {
        RestoreAnswer? last = null;
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stalled.CancelAfter(Patience.Stall);
        try
        {
            await world.Output.ProgressAsync(async board =>
            {
                await foreach (var status in world.Api.WatchAsync<RestoreAnswer>($"{path}/events", stalled.Token))
                {
                    stalled.CancelAfter(Patience.Stall); // counts from the last sign of life
                    last = status;
                    board.Show($"restoring a {what}", status.Restored + status.Skipped + status.Failed, status.Asked, $"({Figures.Count(status.Asked)} asked)");
                }
            });
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DemoFailedException($"the restore of a {what} gave no sign for {Patience.Stall.TotalSeconds:0} s; last step: {last?.Step}");
        }
        var final = await world.Api.GetAsync<RestoreAnswer>(path, cancellation);
        return final.Ended ? final : throw new DemoFailedException($"the restore's events ended, but its state is {final.State}");
    }

    private static object Selection(LostThing lost) => lost.What switch
    {
        "message" => new { itemIds = lost.Items.Select(item => item.Id) },
        "folder" => new { folderIds = new[] { lost.FolderId } },
        // The mailbox lost its mail and nothing else.
        _ => new { everything = true },
    };
}

/// <summary>A restore of mail that has ended, with what became of each item.</summary>
public sealed record RestoredThing(LostThing Lost, RestoreAnswer Status, ImmutableArray<OutcomeAnswer> Outcomes);

/// <summary>A restore of anything else that has ended, with what became of each item.</summary>
public sealed record PutBackThing(TakenThing Taken, RestoreAnswer Status, ImmutableArray<OutcomeAnswer> Outcomes);
