using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Demo;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Comparison;
using OrleansBackup.Demo.Output;
using OrleansBackup.Demo.Processes;
using OrleansBackup.Demo.Story;
using OrleansBackup.TestCluster;

namespace OrleansBackup.Cluster.Tests.Orleans;

/// <summary>A customer whose mailboxes a cluster backs up, seen through whichever silo is asked.</summary>
internal sealed class ClusteredTenant(ClusterUnderTest cluster, OnboardedTenant tenant)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(6);

    public int MailboxCount => tenant.Mailboxes.Length;

    public static async Task<ClusteredTenant> OnboardAsync(ClusterUnderTest cluster, DemoServer through, string domain, int users, int messages, CancellationToken cancellation)
    {
        var recipe = new SimulatedRecipe { Name = domain, Domain = domain, Seed = domain.Length, Users = users, MessagesPerMailbox = messages };
        var made = await cluster.Simulator.Api.CreateTenantAsync(recipe, cancellation);
        var options = new DemoOptions { Users = users, Messages = messages, Data = cluster.Folder, Exit = true };
        return new(cluster, await new Onboarding(new DemoWorld(options, new PlainOutput(TextWriter.Null), through, cluster.Simulator)).RunAsync(made, cancellation));
    }

    /// <summary>Until the first backup has got so far.</summary>
    public Task ItemsHandledAsync(DemoServer through, long items, CancellationToken cancellation) => cluster.WaitAsync($"{items} items to be handled", Long, async stop =>
    {
        var runs = await Task.WhenAll(tenant.Mailboxes.Select(mailbox => through.Api.GetAsync<RunsAnswer>($"{mailbox.Path}/runs", stop)));
        return runs.Sum(each => each.Runs.Sum(run => run.Counts.Handled)) >= items;
    }, cancellation);

    /// <summary>Until every mailbox has its point of the day; a silo that asks one that is gone says that it is not ready for a while.</summary>
    public Task EveryPointAsync(DemoServer through, CancellationToken cancellation) => cluster.WaitAsync("a restore point of every mailbox", Long, async stop =>
    {
        try
        {
            var points = await Task.WhenAll(tenant.Mailboxes.Select(mailbox => through.Api.FindAsync<PointAnswer>(PointOf(mailbox), stop)));
            return points.All(point => point is not null);
        }
        catch (DemoFailedException notReady) when (notReady.Message.Contains("answered 503", StringComparison.Ordinal))
        {
            return false;
        }
    }, cancellation);

    /// <summary>Runs that went on where another had stopped.</summary>
    public async Task<int> ResumedAsync(DemoServer through, CancellationToken cancellation)
    {
        var runs = await Task.WhenAll(tenant.Mailboxes.Select(mailbox => through.Api.GetAsync<RunsAnswer>($"{mailbox.Path}/runs", cancellation)));
        return runs.Sum(each => each.Runs.Count(run => run.Reason == "resumed"));
    }

    /// <summary>Every point, byte for byte, against the simulator's own history.</summary>
    public async Task EveryPointIsTrueAsync(DemoServer through, CancellationToken cancellation)
    {
        var total = ComparisonResult.Nothing;
        foreach (var mailbox in tenant.Mailboxes)
        {
            var truth = await cluster.Simulator.Api.StateAsync(tenant.Simulated, mailbox.ObjectId, null, cancellation);
            total += PointComparison.Compare(truth, await new PointReader(through.Api).ReadAsync(PointOf(mailbox), cancellation));
        }
        Assert.Empty(total.Mismatches);
        Assert.True(total.Compared > tenant.Mailboxes.Length, "nothing was compared");
    }

    /// <summary>Loses all mail of the first mailbox and asks for all of it back.</summary>
    /// <returns>The job, and the messages that are lost, each by the name that its sender gave it; empty: none.</returns>
    public async Task<(string Job, ImmutableArray<string> Lost)> LoseAndRestoreAsync(DemoServer through, CancellationToken cancellation)
    {
        var mailbox = tenant.Mailboxes[0];
        var lost = await MessagesAsync(cancellation);
        await cluster.Simulator.Api.EmptyMailboxAsync(tenant.Simulated, mailbox.ObjectId, cancellation);
        var point = await through.Api.GetAsync<PointAnswer>(PointOf(mailbox), cancellation);
        var job = await through.Api.PostAsync<AcceptedAnswer>($"{tenant.Path}/restores",
            new { resource = mailbox.ResourceId, point = point.Sequence, selection = new { everything = true }, conflict = "skip" }, cancellation);
        return ($"{tenant.Path}/restores/{job.Id}", lost);
    }

    /// <summary>Until a restore job is as wanted; a silo that asks one that is gone says that it is not ready for a while.</summary>
    public async Task<RestoreAnswer> RestoreAsync(DemoServer through, string job, string what, Func<RestoreAnswer, bool> isWanted, CancellationToken cancellation)
    {
        RestoreAnswer? last = null;
        await cluster.WaitAsync(what, Long, async stop =>
        {
            try
            {
                return isWanted(last = await through.Api.GetAsync<RestoreAnswer>(job, stop));
            }
            catch (DemoFailedException notReady) when (notReady.Message.Contains("answered 503", StringComparison.Ordinal))
            {
                return false;
            }
        }, cancellation);
        return last!;
    }

    /// <summary>The items of which a restore job tells what became of them.</summary>
    public static async Task<ImmutableArray<string>> OutcomesAsync(DemoServer through, string job, RestoreAnswer ended, CancellationToken cancellation)
    {
        var outcomes = ImmutableArray.CreateBuilder<string>();
        for (string? address = $"{job}/outcomes"; address is not null;)
        {
            var part = await through.Api.GetAsync<OutcomesAnswer>(address, cancellation);
            outcomes.AddRange(part.Outcomes.Select(outcome => outcome.ItemId));
            address = part.Next is null ? null : $"{job}/outcomes?after={part.Next}";
        }
        return outcomes.ToImmutable();
    }

    /// <summary>The messages that the first mailbox holds now, each by the name that its sender gave it; empty: none.</summary>
    public async Task<ImmutableArray<string>> MessagesAsync(CancellationToken cancellation) =>
        [.. (await cluster.Simulator.Api.StateAsync(tenant.Simulated, tenant.Mailboxes[0].ObjectId, null, cancellation)).Messages
            .Select(message => message.Properties.GetProperty("internetMessageId").GetString() ?? "").Order(StringComparer.Ordinal)];

    private static string PointOf(ProtectedResource mailbox) => $"{mailbox.Path}/points/{Timeline.Day(0).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
}
