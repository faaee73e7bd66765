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
            var truth = await cluster.Simulator.Api.StateAsync(tenant.Simulated, mailbox.UserId, null, cancellation);
            total += PointComparison.Compare(truth, await new PointReader(through.Api).ReadAsync(PointOf(mailbox), cancellation));
        }
        Assert.Empty(total.Mismatches);
        Assert.True(total.Compared > tenant.Mailboxes.Length, "nothing was compared");
    }

    private static string PointOf(ProtectedMailbox mailbox) => $"{mailbox.Path}/points/{Timeline.Day(0).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
}
