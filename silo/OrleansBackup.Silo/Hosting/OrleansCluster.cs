using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using OrleansBackup.Grains;
using OrleansBackup.Silo.Cluster;
using ClusterOptions = Orleans.Configuration.ClusterOptions;

namespace OrleansBackup.Silo.Hosting;

/// <summary>Makes a silo one of a cluster: membership, grain state and reminders on PostgreSQL, TLS to the others.</summary>
internal static class OrleansCluster
{
    private const string Invariant = "Npgsql";

    /// <summary>Every so often each silo reads all reminders of its part of the ring again.</summary>
    /// <remarks>
    /// Ours tick once a day, and those of a run are known to the silo that set them. So there is little to find, and each reading costs the database every row: half an
    /// hour instead of Orleans' five minutes. When silos come or go, the ring changes and its part is read at once.
    /// </remarks>
    private static readonly TimeSpan ReminderRefresh = TimeSpan.FromMinutes(30);

    /// <summary>So long before its tick a reminder is in memory; so long, less one refresh, the database may be away without a tick coming late.</summary>
    private static readonly TimeSpan ReminderWindow = TimeSpan.FromHours(2);

    /// <remarks>What is set here is read when the silo is made, after all settings have been checked.</remarks>
    public static void JoinCluster(this ISiloBuilder silo, ClusterSettings settings)
    {
        var services = silo.Services;
        // Signs of life are compared between machines: a clock put forward for a demonstration must not make the others look dead.
        services.AddKeyedSingleton(TimeProviderNames.Membership, TimeProvider.System);
        services.AddOptions<ClusterOptions>().Configure<IOptions<ClusterSettings>>((cluster, from) => (cluster.ClusterId, cluster.ServiceId) = (from.Value.ClusterId, from.Value.ServiceId));
        // No gateway: nobody but silos speaks Orleans' protocol, since every silo answers the API.
        services.AddOptions<EndpointOptions>().Configure<IOptions<ClusterSettings>>((endpoint, from) =>
            (endpoint.AdvertisedIPAddress, endpoint.SiloPort, endpoint.GatewayPort) = (from.Value.ResolveAddress(), from.Value.SiloPort, 0));
        services.Configure<ReminderOptions>(reminders => (reminders.RefreshReminderListPeriod, reminders.ReminderLoadingWindow) = (ReminderRefresh, ReminderWindow));
        silo.UseAdoNetClustering(options => options.Configure<ClusterDatabase>((membership, database) => (membership.Invariant, membership.DataSource) = (Invariant, database.Source)));
        silo.UseAdoNetReminderService(options => options.Configure<ClusterDatabase>((reminders, database) => (reminders.Invariant, reminders.DataSource) = (Invariant, database.Source)));
        silo.AddAdoNetGrainStorage(StateStores.Default, options => options.Configure<ClusterDatabase>((storage, database) =>
        {
            (storage.Invariant, storage.DataSource) = (Invariant, database.Source);
            storage.GrainStorageSerializer = new OrleansStateSerializer();
            storage.DeleteStateOnClear = true;
        }));
        // What a grain costs is its runs, which come later: at the moment of placement all silos look alike, and the silo that asks would get them all.
        services.AddSingleton<PlacementStrategy, RandomPlacement>();
        services.AddHostedService<OrleansTakeover>().AddHostedService<OrleansRelief>();
        if (settings.Tls.IsSet)
            services.AddTls();
    }

    private static void AddTls(this IServiceCollection services)
    {
        services.AddSingleton(provider => SiloCertificates.Load(provider.GetRequiredService<IOptions<ClusterSettings>>().Value.Tls));
        services.AddSingleton<TlsConnections>();
        services.AddOptions<SiloConnectionOptions>().Configure<TlsConnections>((connections, tls) =>
        {
            connections.ConfigureSiloInboundConnection(builder => builder.Use(tls.Accept));
            connections.ConfigureSiloOutboundConnection(builder => builder.Use(tls.Connect));
        });
    }
}
