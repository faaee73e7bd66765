using System.Net;
using Npgsql;
using OrleansBackup.Demo;
using OrleansBackup.Demo.Processes;
using OrleansBackup.Demo.Story;
using OrleansBackup.TestCluster;

namespace OrleansBackup.Cluster.Tests.Orleans;

/// <summary>Silos as processes of their own: they take over from each other, stop in order, outlive the database, and let no stranger in.</summary>
public sealed class LivingClusterTests : IAsyncLifetime
{
    private const int Active = 3;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly HttpClient _anonymous = new(new HttpClientHandler { AllowAutoRedirect = false });
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
        _anonymous.Dispose();
        if (_cluster is null)
            return;
        _view.Dispose();
        await _cluster.DisposeAsync();
    }

    [ClusterFact]
    public async Task What_a_killed_silo_was_doing_another_goes_on_with()
    {
        var (first, second) = (await SiloAsync(), await SiloAsync());
        Assert.Equal(2, await ActiveSilosAsync());
        var tenant = await ClusteredTenant.OnboardAsync(_cluster, first, "killed.example", users: 8, messages: 250, None);
        await tenant.ItemsHandledAsync(first, 100, None);
        await BusyAsync(second);

        await second.KillAsync(None);

        // Without waiting for anybody's next tick; and a run that only needed a grain of the dead silo waits and does not fail.
        await _cluster.WaitAsync("the other to look for what the dead silo was doing", TimeSpan.FromMinutes(3), async stop => (await SiloView.LogAsync(first, stop)).Contains("OrleansTakeover", StringComparison.Ordinal), None);
        await tenant.EveryPointAsync(first, None);
        Assert.Equal(0, await SiloView.EventsAsync(first, SiloView.RunFailed, None));
        Assert.True(await tenant.ResumedAsync(first, None) > 0, "no run says that it went on");
        await tenant.EveryPointIsTrueAsync(first, None);
    }

    [ClusterFact]
    public async Task A_restore_whose_silo_is_killed_is_finished_by_the_other_which_says_so_and_puts_each_item_back_once()
    {
        var (first, second) = (await SiloAsync(), await SiloAsync());
        var tenant = await ClusteredTenant.OnboardAsync(_cluster, first, "restored.example", users: 1, messages: 400, None);
        await tenant.EveryPointAsync(first, None);
        await _cluster.WaitAsync("both silos to have nothing else to do", TimeSpan.FromMinutes(2),
            async stop => await _view.GateAsync(first, first, stop) is { Running: 0 } && await _view.GateAsync(first, second, stop) is { Running: 0 }, None);
        await _cluster.Simulator.Api.OrderFaultAsync(new { kind = "Delay", delayMilliseconds = 100 }, None); // a restore that lasts
        var (job, lost) = await tenant.LoseAndRestoreAsync(first, None);
        await tenant.RestoreAsync(first, job, "a part of the restore", status => status.Restored >= 40, None);
        DemoServer? busy = null;
        await _cluster.WaitAsync("the silo that restores to show itself", TimeSpan.FromMinutes(1), async stop =>
            (busy = await _view.GateAsync(first, first, stop) is { Running: > 0 } ? first : await _view.GateAsync(second, second, stop) is { Running: > 0 } ? second : null) is not null, None);
        var other = busy == first ? second : first;

        await busy!.KillAsync(None);

        var ended = await tenant.RestoreAsync(other, job, "the end of the restore", status => status.Ended, None);
        Assert.Equal(("completed", lost.Length, lost.Length, 0, 0, null), (ended.State, ended.Asked, ended.Restored, ended.Skipped, ended.Failed, ended.Problem));
        var outcomes = await ClusteredTenant.OutcomesAsync(other, job, ended, None);
        Assert.Equal((lost.Length, lost.Length), (outcomes.Length, outcomes.Distinct().Count()));
        var now = await tenant.MessagesAsync(None);
        Assert.Equal(lost.Length, now.Length);
        Assert.Equal(lost.Where(name => name.Length > 0), now.Where(lost.Contains)); // the service names anew what had no name
    }

    [ClusterFact]
    public async Task A_silo_that_is_asked_to_end_says_so_first_and_hands_over_what_it_was_doing()
    {
        var (first, second) = (await SiloAsync("--Stop:NoticeSeconds", "2"), await SiloAsync());
        var tenant = await ClusteredTenant.OnboardAsync(_cluster, second, "drained.example", users: 8, messages: 1_000, None);
        await tenant.ItemsHandledAsync(second, 100, None);
        await BusyAsync(first);
        var address = first.Api.Address;

        var ending = first.EndAsync(None);

        await _cluster.WaitAsync("the silo to say that it is not ready", TimeSpan.FromSeconds(30), async stop => await StatusAsync(address, "/health/ready", stop) == HttpStatusCode.ServiceUnavailable, None);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(address, "/health/live", None)); // its life is not in doubt: nobody may restart it now
        Assert.Equal(0, await ending);
        Assert.Contains("Everything under way has been handed over", await File.ReadAllTextAsync(first.LogFile), StringComparison.Ordinal);
        await tenant.EveryPointAsync(second, None);
        Assert.True(await tenant.ResumedAsync(second, None) > 0, "no run says that it went on");
        await tenant.EveryPointIsTrueAsync(second, None);
        Assert.Equal(1, await ActiveSilosAsync());
    }

    [ClusterFact]
    public async Task Without_its_database_a_silo_lives_and_is_not_ready_and_it_comes_back_by_itself()
    {
        var silo = await SiloAsync();

        await _cluster.Postgres.CrashAsync(None);
        await ReadyAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(silo.Api.Address, "/health/live", None));

        await _cluster.Postgres.StartAgainAsync(None);
        await ReadyAsync(HttpStatusCode.OK);
        var tenant = await ClusteredTenant.OnboardAsync(_cluster, silo, "outage.example", users: 1, messages: 10, None);
        await tenant.EveryPointAsync(silo, None);

        Task ReadyAsync(HttpStatusCode status) => _cluster.WaitAsync($"readiness {status}", TimeSpan.FromMinutes(2), async stop => await StatusAsync(silo.Api.Address, "/health/ready", stop) == status, None);
    }

    [ClusterFact]
    public async Task A_silo_with_a_certificate_of_another_authority_does_not_get_in()
    {
        var silo = await SiloAsync();
        using var other = new TestAuthority("other");
        var folder = Directory.CreateDirectory(Path.Combine(_cluster.Folder, "other")).FullName;
        var (certificate, key) = other.Issue(folder, "stranger");
        var stranger = _cluster.PrepareSilo("--Cluster:Tls:CertificateFile", certificate, "--Cluster:Tls:KeyFile", key, "--Cluster:Tls:AuthorityFile", other.WriteTo(folder));
        using var giveUp = new CancellationTokenSource();

        var starting = stranger.StartAsync(Timeline.FirstEvening, giveUp.Token);

        await _cluster.WaitAsync("the stranger to be refused", TimeSpan.FromMinutes(1),
            async stop => (await File.ReadAllTextAsync(silo.LogFile, stop)).Contains("A connection between silos with", StringComparison.Ordinal), None);
        Assert.False(starting.IsCompletedSuccessfully);
        Assert.Equal(1, await ActiveSilosAsync());
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => starting);
    }

    [ClusterFact]
    public async Task A_silo_refuses_a_database_without_tables_and_says_what_to_run()
    {
        var empty = await _cluster.Postgres.CreateDatabaseAsync(None);
        var silo = _cluster.PrepareSilo("--Cluster:ConnectionString", empty);

        var refused = await Assert.ThrowsAsync<DemoFailedException>(() => silo.StartAsync(Timeline.FirstEvening, None));

        Assert.Contains("status 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("OrleansBackup.Silo migrate", refused.Message, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task A_silo_with_a_store_or_a_key_of_its_own_is_refused_before_it_joins()
    {
        await SiloAsync();
        var unshared = Path.Combine(_cluster.Folder, "unshared");
        var store = await Assert.ThrowsAsync<DemoFailedException>(() => _cluster.AddSiloAsync(None, "--Vault:Stores:main:Path", unshared));
        Assert.Contains($"Vault:Stores:main:Path is '{unshared}'", store.Message, StringComparison.Ordinal);
        var other = Path.Combine(_cluster.Folder, "other.key");
        await ClusterUnderTest.CommandAsync(["make-key", other], None);
        var key = await Assert.ThrowsAsync<DemoFailedException>(() => _cluster.AddSiloAsync(None, "--Keys:File", other));
        Assert.Contains("Set Keys:File to a copy of their key file", key.Message, StringComparison.Ordinal);
        Assert.Equal(1, await ActiveSilosAsync());
    }

    [ClusterFact]
    public async Task The_dashboard_shows_itself_to_operators_only_on_every_path()
    {
        var silo = await SiloAsync();
        string[] paths =
        [
            "", "/", "/index.html", "/favicon.ico", "/index.min.js", "/index.css", "/fonts/x.woff", "/img/x.png", "/version", "/DashboardCounters", "/ClusterStats", "/Reminders", "/Reminders/1",
            "/HistoricalStats/x", "/SiloProperties/x", "/SiloMetadata/x", "/SiloStats/x", "/SiloCounters/x", "/GrainStats/x", "/TopGrainMethods", "/GrainState", "/LifecycleStages", "/GrainTypes", "/Trace",
        ];
        foreach (var path in paths)
            Assert.True(await StatusAsync(silo.Api.Address, $"/dashboard{path}", None) is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound, $"/dashboard{path} answers anybody");
        foreach (var path in new[] { "/", "/index.html", "/version" })
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(silo.Api.Address, $"/dashboard{path}", None));
        using var signedIn = await SignedInAsync(silo, "/dashboard/index.html");
        using var answer = await _anonymous.SendAsync(signedIn);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private Task<DemoServer> SiloAsync(params string[] settings) => _cluster.AddSiloAsync(None, ["--Backup:Runs:SegmentChanges", "20", .. settings]);

    // Otherwise nothing is shown by its end.
    private Task BusyAsync(DemoServer silo) => _cluster.WaitAsync($"{silo.Name} to be at work", TimeSpan.FromMinutes(1), async stop => await _view.GateAsync(silo, silo, stop) is { Running: > 0 }, None);

    private static async Task<HttpRequestMessage> SignedInAsync(DemoServer silo, string path) => new(HttpMethod.Get, new Uri(silo.Api.Address, path))
    {
        Headers = { Authorization = new("Bearer", (await File.ReadAllTextAsync(silo.ApiKeyFile)).Trim()) },
    };

    private async Task<long> ActiveSilosAsync()
    {
        await using var database = NpgsqlDataSource.Create(_cluster.ConnectionString);
        await using var command = database.CreateCommand("SELECT count(*) FROM cluster_silo WHERE status = $1");
        command.Parameters.Add(new() { Value = Active });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<HttpStatusCode?> StatusAsync(Uri silo, string path, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _anonymous.GetAsync(new Uri(silo, path), HttpCompletionOption.ResponseHeadersRead, cancellation);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
