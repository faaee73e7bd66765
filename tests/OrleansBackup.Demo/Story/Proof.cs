using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Demo.Comparison;
using OrleansBackup.Demo.Output;

namespace OrleansBackup.Demo.Story;

/// <summary>Compares what the server holds and what it put back with the simulator's own history of the same moments.</summary>
internal sealed class Proof(DemoWorld world, OnboardedTenant tenant)
{
    private const int DifferencesShown = 20;

    /// <summary>Every mailbox at the given days: folders, messages, properties, MIME bytes, attachments.</summary>
    public async Task<ComparisonResult> OfPointsAsync(IReadOnlyCollection<LivedDay> days, CancellationToken cancellation)
    {
        var reader = new PointReader(world.Api);
        var total = ComparisonResult.Nothing;
        var done = 0;
        await world.Output.ProgressAsync(async board =>
        {
            foreach (var day in days)
            {
                foreach (var mailbox in day.Mailboxes)
                {
                    var truth = await world.Simulator.Api.StateAsync(tenant.Simulated, mailbox.UserId, day.Truth, cancellation);
                    var point = await reader.ReadAsync($"{mailbox.Path}/points/{day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}", cancellation);
                    total += PointComparison.Compare(truth, point);
                    board.Show("comparing restore points", ++done, days.Sum(each => each.Mailboxes.Length),
                        $"({Figures.Count(total.Compared)} folders and messages, {total.Mismatches.Length} mismatches)");
                }
            }
        });
        Tell("restore points", total);
        return total;
    }

    /// <summary>Everything that was lost is there again as it was, and the job's figures are true.</summary>
    public async Task<ComparisonResult> OfRestoresAsync(IReadOnlyCollection<RestoredThing> restored, CancellationToken cancellation)
    {
        var total = ComparisonResult.Nothing;
        foreach (var thing in restored)
            total += await OfRestoreAsync(thing, cancellation);
        Tell("restored items", total);
        return total;
    }

    private async Task<ComparisonResult> OfRestoreAsync(RestoredThing thing, CancellationToken cancellation)
    {
        var (lost, status) = (thing.Lost, thing.Status);
        var total = RestoreTally.Check($"restore of a {lost.What}", new TalliedRestore(status.Asked, status.Restored, status.Skipped, status.Failed,
            Ids("restored"), Ids("skipped"), Ids("failed")), [.. lost.Items.Select(item => item.Id)]);
        var now = await world.Simulator.Api.StateAsync(tenant.Simulated, lost.Mailbox.UserId, null, cancellation);
        var there = now.Messages.ToDictionary(message => message.Id, StringComparer.Ordinal);
        var truth = lost.Items.ToDictionary(message => message.Id, StringComparer.Ordinal);
        foreach (var outcome in thing.Outcomes.Where(outcome => truth.ContainsKey(outcome.ItemId)))
        {
            total += outcome.Kind switch
            {
                "restored" => RestoreComparison.Compare(truth[outcome.ItemId], there.GetValueOrDefault(outcome.NewId ?? ""), outcome.Losses),
                "skipped" when there.ContainsKey(outcome.ItemId) => new ComparisonResult(1, [], []),
                _ => new ComparisonResult(1, [new Difference(outcome.ItemId, "outcome", "in the mailbox", $"{outcome.Kind}: {outcome.Reason}")], []),
            };
        }
        return total + RestoreComparison.CompareFolders(lost.Folders, now.Folders);

        ImmutableArray<string> Ids(string kind) => [.. thing.Outcomes.Where(outcome => outcome.Kind == kind).Select(outcome => outcome.ItemId)];
    }

    private void Tell(string what, ComparisonResult result)
    {
        world.Output.Line($"{what}: {Figures.Count(result.Compared)} compared, {result.Mismatches.Length} mismatches, {result.DeclaredLosses.Length} declared losses");
        foreach (var difference in result.Mismatches.Take(DifferencesShown))
            world.Output.Line($"  mismatch: {difference}");
        foreach (var loss in result.DeclaredLosses.GroupBy(loss => loss.Property))
            world.Output.Line($"  declared by the restore: {loss.Key} of {loss.Count()} messages");
    }
}
