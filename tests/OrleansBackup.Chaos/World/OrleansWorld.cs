using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using OrleansBackup.Chaos.Plan;
using OrleansBackup.Demo.Processes;
using OrleansBackup.TestCluster;

namespace OrleansBackup.Chaos.World;

/// <summary>A cluster: several silos on PostgreSQL, backups in Azurite behind a relay that can break connections.</summary>
internal sealed class EngineWorld : ChaosWorld
{
    private const int Dead = 6;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDetection = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BeyondDetection = TimeSpan.FromSeconds(5);

    private readonly ClusterUnderTest _cluster;
    private readonly Azurite? _azurite;
    private readonly FaultyRelay? _relay;

    private EngineWorld(DateTimeOffset start, ClusterUnderTest cluster, Azurite? azurite, FaultyRelay? relay) : base(start) =>
        (_cluster, _azurite, _relay) = (cluster, azurite, relay);

    public override DemoSimulator Simulator => _cluster.Simulator;

    public override ImmutableArray<ActKind> Acts => _relay is null ? ChaosPlan.ForCluster.Remove(ActKind.BreakStore) : ChaosPlan.ForCluster;

    public override string Description => $"Orleans: PostgreSQL, TLS between silos, backups in {(_azurite is null ? $"a shared folder, which cannot be made to fail, because {Azurite.WhyNot}" : "Azurite behind a relay")}";

    public static async Task<ChaosWorld> OpenAsync(ChaosOptions options, DateTimeOffset start, CancellationToken cancellation)
    {
        var data = Directory.CreateDirectory(options.Data);
        if (data.EnumerateFileSystemInfos().Any())
            throw new ChaosFailedException($"the data folder {data.FullName} is not empty; name an empty or a new one");
        var cluster = await ClusterUnderTest.StartAsync(start, cancellation, data.FullName);
        Azurite? azurite = null;
        FaultyRelay? relay = null;
        EngineWorld? world = null;
        try
        {
            if (Azurite.WhyNot is null)
            {
                azurite = await Azurite.StartAsync(cancellation);
                relay = new FaultyRelay(azurite.Address, options.Seed);
            }
            world = new EngineWorld(start, cluster, azurite, relay);
            if (relay is not null)
                await ClusterUnderTest.CommandAsync(["make-containers", .. world.Store()], cancellation);
            for (var i = 0; i < options.Silos; i++)
                await world.StartAsync(world.AddSlot(), cancellation);
            return world;
        }
        catch
        {
            await (world ?? new EngineWorld(start, cluster, azurite, relay)).DisposeAsync();
            throw;
        }
    }

    public override async Task UntilTakenForDeadAsync(ServerSlot slot, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestDetection);
        try
        {
            while (!await IsTakenForDeadAsync(slot.Server.Name, limit.Token))
                await Task.Delay(Look, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ChaosFailedException($"{slot.Server.Name} stands still for {LongestDetection.TotalMinutes:0} minutes and the others do not take it for dead");
        }
        await Task.Delay(BeyondDetection, cancellation); // the others have gone on with its work by then
    }

    public override async Task PlayAsync(Act act, Action<string> tell, CancellationToken cancellation)
    {
        if (act.Kind == ActKind.CrashDatabase)
        {
            tell("PostgreSQL crashes");
            await _cluster.Postgres.CrashAsync(cancellation);
            await Task.Delay(TimeSpan.FromSeconds(2 + act.Draw % 10), cancellation);
            await _cluster.Postgres.StartAgainAsync(cancellation);
            tell("PostgreSQL is back");
        }
        else if (act.Kind == ActKind.BreakStore)
        {
            tell("the object store refuses connections");
            _relay!.Trouble = RelayTrouble.Refuses;
            await Task.Delay(TimeSpan.FromSeconds(2 + act.Draw % 6), cancellation);
            tell("the object store breaks connections off");
            _relay.Trouble = RelayTrouble.BreaksOff;
            await Task.Delay(TimeSpan.FromSeconds(5 + act.Draw % 10), cancellation);
            _relay.Trouble = RelayTrouble.None;
            tell("the object store is well again");
        }
        else
        {
            throw new InvalidOperationException($"{act.Kind} is done to processes.");
        }
    }

    public override void Heal()
    {
        if (_relay is not null)
            _relay.Trouble = RelayTrouble.None;
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_cluster.Postgres.IsRunning)
            await _cluster.Postgres.StartAgainAsync(CancellationToken.None); // silos that cannot say goodbye take long to end
        await _cluster.DisposeAsync();
        if (_relay is not null)
            await _relay.DisposeAsync();
        if (_azurite is not null)
            await _azurite.DisposeAsync();
    }

    protected override DemoServer Prepare() => _cluster.PrepareSilo(["--Backup:Runs:SegmentChanges", "10", .. Store()]);

    private string[] Store() => _relay is null ? [] :
    [
        "--Vault:Stores:main:Kind", "azure", "--Vault:Stores:main:Container", "vault", "--Vault:Stores:main:ConnectionString", Azurite.ConnectionString(_relay.Address),
    ];

    // The newest process of that name; an older one of its port is dead anyway.
    private async Task<bool> IsTakenForDeadAsync(string name, CancellationToken cancellation)
    {
        var port = _cluster.SiloPortOf(name);
        try
        {
            await using var database = NpgsqlDataSource.Create(_cluster.ConnectionString);
            await using var command = database.CreateCommand("SELECT status FROM cluster_silo WHERE port = $1 ORDER BY generation DESC LIMIT 1");
            command.Parameters.Add(new() { Value = int.Parse(port, CultureInfo.InvariantCulture) });
            return await command.ExecuteScalarAsync(cancellation) is null or Dead;
        }
        catch (NpgsqlException)
        {
            return false; // the database is away as well: asked again
        }
    }
}
