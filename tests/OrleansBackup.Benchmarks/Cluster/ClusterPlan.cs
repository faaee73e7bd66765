using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>What a measurement of the service at its size consists of. Given to the processes that measure as a file.</summary>
internal sealed record ClusterPlan
{
    public int Tenants { get; init; } = 20;

    public int MailboxesOfTenant { get; init; } = 5_000;

    /// <summary>Mailboxes whose grains are activated to see what one takes.</summary>
    public int Active { get; init; } = 10_000;

    /// <summary>Mailboxes, over eight tenants, that are backed up day after day.</summary>
    public int Running { get; init; } = 800;

    public int Messages { get; init; } = 20;

    /// <summary>Days without change that are measured, after one that warms up.</summary>
    public int Days { get; init; } = 5;

    /// <summary>How long the server is watched after the disaster.</summary>
    public int DisasterSeconds { get; init; } = 60;

    /// <summary>Of everything that is stored, the database of the bundled engine included.</summary>
    public required string Folder { get; init; }

    /// <summary>Where objects lie: memory where the system has such a file system, since in a cluster they are on another machine.</summary>
    public required string VaultFolder { get; init; }

    /// <summary>Of the cluster's databases; not for the bundled engine.</summary>
    public ClusterConnections? Connections { get; init; }

    [JsonIgnore]
    public MeasuredEstate Estate => new(Tenants, MailboxesOfTenant);

    [JsonIgnore]
    public MeasuredEstate RunningEstate => new(TenantsOfRuns, Running / TenantsOfRuns);

    private const int TenantsOfRuns = 8;

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this));

    public static ClusterPlan Read(string file) => JsonSerializer.Deserialize<ClusterPlan>(File.ReadAllText(file))!;
}

/// <summary>Connection strings of a database for each of the worlds that are measured.</summary>
internal sealed record ClusterConnections(string Empty, string Estate, string Runs);
