using System.Collections.Immutable;
using OrleansBackup.Demo.Comparison;
using OrleansBackup.Demo.Output;

namespace OrleansBackup.Demo.Story;

/// <summary>Compares calendars, contacts, tasks, files, sites and teams, in every restore point and as they were put back, with the simulator's own history; and asks whether anybody was told.</summary>
internal sealed class ThingProof(DemoWorld world, OnboardedTenant tenant)
{
    /// <summary>Every point of every resource, kind by kind.</summary>
    public async Task<KindResults> OfPointsAsync(IReadOnlyCollection<LivedDay> days, CancellationToken cancellation)
    {
        var reader = new ThingReader(world.Api);
        var (total, done, points) = (KindResults.Nothing, 0, days.Sum(day => day.Resources.Length));
        await world.Output.ProgressAsync(async board =>
        {
            foreach (var day in days)
            {
                foreach (var resource in day.Resources)
                {
                    var truth = await world.Simulator.Api.ThingsAsync(tenant.Simulated, resource.Kind, resource.ObjectId, day.Truth, cancellation);
                    var point = await reader.ReadAsync(day.PointPath(resource), cancellation);
                    total = total.Add(ThingComparison.Compare(truth, point.Select(thing => thing.Picture)));
                    board.Show("comparing all other kinds", ++done, points, $"({Figures.Count(total.Total.Compared)} things, {total.Total.Mismatches.Length} mismatches)");
                }
            }
        });
        Tell($"In {Figures.Count(points)} restore points", total);
        return total;
    }

    /// <summary>Everything that was deleted is there again as it was, and the job's figures are true.</summary>
    public async Task<KindResults> OfRestoresAsync(IReadOnlyCollection<PutBackThing> restored, CancellationToken cancellation)
    {
        var total = KindResults.Nothing;
        foreach (var thing in restored)
            total = total.Add(thing.Taken.Items[0].Kind, await OfRestoreAsync(thing, cancellation));
        Tell("Put back", total);
        return total;
    }

    /// <summary>Nobody outside heard of any restore: no invitation, no update, no share.</summary>
    public async Task<ComparisonResult> OfSilenceAsync(CancellationToken cancellation)
    {
        var sent = await world.Simulator.Api.CountSentAsync(tenant.Simulated, cancellation);
        world.Output.Line($"messages that Microsoft 365 sent to anybody because of backup or restore: {sent}");
        return new ComparisonResult(1, sent == 0 ? [] : [new Difference("tenant", "sent", "nothing", $"{sent} messages")], []);
    }

    private async Task<ComparisonResult> OfRestoreAsync(PutBackThing thing, CancellationToken cancellation)
    {
        var (taken, status) = (thing.Taken, thing.Status);
        var now = await world.Simulator.Api.ThingsAsync(tenant.Simulated, taken.Owner.Kind, taken.Owner.ObjectId, null, cancellation);
        // Whatever is restored is new, and messages of different channels and chains have equal ids.
        var there = now.Where(each => each.Kind == taken.Items[0].Kind && each.Id != taken.Thing.Id && each.ContainerId != taken.Thing.Id).ToLookup(each => LastOf(each.Id, '~', '.'), StringComparer.Ordinal);
        var result = status.Asked == taken.Items.Length && status.Asked == status.Restored + status.Skipped + status.Failed && status.Restored == status.Asked
            ? ComparisonResult.Nothing
            : new ComparisonResult(0, [new Difference($"restore of a {taken.What}", "asked", $"{taken.Items.Length} restored", $"{status.Asked} asked, {status.Restored} restored")], []);
        foreach (var item in taken.Items)
        {
            var outcome = thing.Outcomes.SingleOrDefault(outcome => outcome.ItemId.EndsWith("~" + item.Id, StringComparison.Ordinal));
            result += outcome is { Kind: "restored", NewId: { } id }
                ? there[LastOf(id, '~', '.', '/')].Select(candidate => ThingRestoreComparison.Compare(item, candidate, outcome.Losses))
                    .MinBy(compared => compared.Mismatches.Length) ?? ThingRestoreComparison.Compare(item, null, outcome.Losses)
                : new ComparisonResult(1, [new Difference(item.Id, "outcome", "restored", $"{outcome?.Kind ?? "none"}: {outcome?.Reason}")], []);
        }
        return result;
    }

    private static string LastOf(string id, params ReadOnlySpan<char> separators) => id[(id.AsSpan().LastIndexOfAny(separators) + 1)..];

    private void Tell(string title, KindResults results)
    {
        ImmutableArray<ImmutableArray<string>> rows =
        [
            .. results.ByKind.Select(kind => ImmutableArray.Create(kind.Key, Figures.Count(kind.Value.Compared), Figures.Count(kind.Value.Mismatches.Length), Figures.Count(kind.Value.DeclaredLosses.Length))),
        ];
        world.Output.Table(title, ["kind", "compared", "mismatches", "declared losses"], rows);
        foreach (var kind in results.ByKind)
            Proof.TellDifferences(world.Output, kind.Key, kind.Value);
    }
}
