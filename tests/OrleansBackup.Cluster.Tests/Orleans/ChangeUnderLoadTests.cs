using OrleansBackup.Demo.Processes;
using OrleansBackup.Demo.Story;
using OrleansBackup.TestCluster;

namespace OrleansBackup.Cluster.Tests.Orleans;

/// <summary>The cluster is changed while a night's queue waits at full gates.</summary>
public sealed class ChangeUnderLoadTests : IAsyncLifetime
{
    private const int Mailboxes = 40;
    private static readonly CancellationToken None = CancellationToken.None;

    private ClusterUnderTest _cluster = null!;
    private SiloView _view = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.PostgresPrograms.Problem is not null)
            return;
        _cluster = await ClusterUnderTest.StartAsync(Timeline.FirstEvening, None);
        _view = new SiloView(_cluster);
    }

    public async Task DisposeAsync()
    {
        if (_cluster is null)
            return;
        _view.Dispose();
        await _cluster.DisposeAsync();
    }

    [ClusterFact]
    public async Task A_silo_that_comes_gets_its_share_of_what_waits_and_no_run_fails()
    {
        var (first, second) = (await SiloAsync(), await SiloAsync());
        await _cluster.Simulator.Api.OrderFaultAsync(new { kind = "Delay", delayMilliseconds = 250 }, None); // a queue that lasts
        var tenant = await ClusteredTenant.OnboardAsync(_cluster, first, "queue.example", Mailboxes, messages: 10, None);
        await _cluster.WaitAsync("a queue at both gates", TimeSpan.FromMinutes(3),
            async stop => await _view.GateAsync(first, first, stop) is { Waiting: > 5 } && await _view.GateAsync(first, second, stop) is { Waiting: > 5 }, None);

        var third = await SiloAsync();
        var before = await SealedAsync(first, second);

        await _cluster.WaitAsync("the third silo to have a queue of its own", TimeSpan.FromMinutes(3),
            async stop => await _view.GateAsync(first, third, stop) is { Running: 1, Waiting: > 1 }, None);
        await tenant.EveryPointAsync(first, None);
        var (old, young) = (await SealedAsync(first, second) - before, await SealedAsync(third));
        Assert.True(young * 4 >= old + young, $"of the {old + young} runs after it came, the third silo did {young}");
        foreach (var silo in _cluster.Silos)
            Assert.Equal((0, 0), (await SiloView.EventsAsync(silo, SiloView.RunFailed, None), await SiloView.EventsAsync(silo, SiloView.RunBrokenOff, None)));
        await EachSealedOnceAsync(tenant, [.. _cluster.Silos]); // wherever it was begun
        await tenant.EveryPointIsTrueAsync(third, None);
        var due = await _view.PageAsync(third, "/operations/due", None);
        Assert.Equal(tenant.MailboxCount, due.Split(">to come<").Length - 1); // by what every part of the tenant knows, wherever it lives
    }

    [EarlierReleaseFact]
    public async Task A_cluster_goes_over_to_this_release_silo_by_silo_while_backups_run_and_loses_nothing()
    {
        DemoServer[] silos = [await EarlierAsync(), await EarlierAsync()];
        await _cluster.Simulator.Api.OrderFaultAsync(new { kind = "Delay", delayMilliseconds = 100 }, None);
        var tenant = await ClusteredTenant.OnboardAsync(_cluster, silos[0], "upgrade.example", Mailboxes / 2, messages: 60, None);
        await tenant.ItemsHandledAsync(silos[0], 20, None);
        var sealedBefore = 0;
        foreach (var silo in silos)
        {
            Assert.Equal(0, await silo.EndAsync(None));
            silo.Program = ProgramFiles.Of("OrleansBackup.Silo");
            await _cluster.StartAgainAsync(silo, None); // now both releases are at work, or the last of the earlier has gone
            await _cluster.WaitAsync("the replaced silo to be at work beside the other", TimeSpan.FromMinutes(2),
                async stop => await SealedAsync(silos) is var now && now > sealedBefore && (sealedBefore = now) > 0, None);
        }
        await tenant.EveryPointAsync(silos[1], None);
        foreach (var silo in silos)
            Assert.Equal((0, 0), (await SiloView.EventsAsync(silo, SiloView.RunFailed, None), await SiloView.EventsAsync(silo, SiloView.RunBrokenOff, None)));
        await EachSealedOnceAsync(tenant, silos);
        await tenant.EveryPointIsTrueAsync(silos[0], None);
    }

    private async Task<DemoServer> EarlierAsync()
    {
        var silo = _cluster.PrepareSilo("--Backup:Admission:ConcurrentRuns", "2", "--Backup:Runs:SegmentChanges", "20");
        silo.Program = EarlierReleaseFactAttribute.Program!;
        await _cluster.StartAgainAsync(silo, None);
        return silo;
    }

    private Task<DemoServer> SiloAsync() => _cluster.AddSiloAsync(None, "--Backup:Admission:ConcurrentRuns", "1");

    // A point can be listed a moment before the log tells of it.
    private async Task EachSealedOnceAsync(ClusteredTenant tenant, DemoServer[] silos)
    {
        await _cluster.WaitAsync("the logs to tell of every point", TimeSpan.FromMinutes(1), async _ => await SealedAsync(silos) >= tenant.MailboxCount, None);
        Assert.Equal(tenant.MailboxCount, await SealedAsync(silos));
    }

    private static async Task<int> SealedAsync(params DemoServer[] silos) => (await Task.WhenAll(silos.Select(silo => SiloView.EventsAsync(silo, SiloView.PointSealed, None)))).Sum();
}
