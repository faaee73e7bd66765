using System.Collections.Immutable;
using OrleansBackup.Demo.Comparison;
using OrleansBackup.Demo.Output;

namespace OrleansBackup.Demo.Story;

/// <summary>Compares the mail that the server holds and that it put back with the simulator's own history of the same moments.</summary>
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
                    var truth = await world.Simulator.Api.StateAsync(tenant.Simulated, mailbox.ObjectId, day.Truth, cancellation);
                    var point = await reader.ReadAsync(day.PointPath(mailbox), cancellation);
                    total += PointComparison.Compare(truth, point);
                    board.Show("comparing mail", ++done, days.Sum(each => each.Mailboxes.Count()),
                        $"({Figures.Count(total.Compared)} folders and messages, {total.Mismatches.Length} mismatches)");
                }
            }
        });
        Tell("mail in restore points", total);
        return total;
    }

    /// <summary>Everything that was lost is there again as it was, and the job's figures are true.</summary>
    public async Task<ComparisonResult> OfRestoresAsync(IReadOnlyCollection<RestoredThing> restored, CancellationToken cancellation)
    {
        var total = ComparisonResult.Nothing;
        foreach (var thing in restored)
            total += await OfRestoreAsync(thing, cancellation);
        Tell("restored mail", total);
        return total;
    }

    private async Task<ComparisonResult> OfRestoreAsync(RestoredThing thing, CancellationToken cancellation)
    {
        var (lost, status) = (thing.Lost, thing.Status);
        var total = RestoreTally.Check($"restore of a {lost.What}", new TalliedRestore(status.Asked, status.Restored, status.Skipped, status.Failed,
            Ids("restored"), Ids("skipped"), Ids("failed")), [.. lost.Items.Select(item => item.Id), .. lost.StillThere]);
        var now = await world.Simulator.Api.StateAsync(tenant.Simulated, lost.Mailbox.ObjectId, null, cancellation);
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

        ImmutableArray<string> Ids(string kind) => [.. thing.Outcomes.Where(outcome => outcome.Kind == kind).Select(outcome => ThingReader.Shown(outcome.ItemId))];
    }

    private void Tell(string what, ComparisonResult result)
    {
        world.Output.Line($"{what}: {Figures.Count(result.Compared)} compared, {result.Mismatches.Length} mismatches, {result.DeclaredLosses.Length} declared losses");
        TellDifferences(world.Output, "mail", result);
    }

    public static void TellDifferences(IDemoOutput output, string kind, ComparisonResult result)
    {
        foreach (var difference in result.Mismatches.Take(DifferencesShown))
            output.Line($"  mismatch of {kind}: {difference}");
        foreach (var loss in result.DeclaredLosses.GroupBy(loss => loss.Property))
            output.Line($"  declared by the restore of {kind}: {loss.Key} of {loss.Count()}");
    }
}
