using OrleansBackup.PostgresServer;

namespace OrleansBackup.Cluster.Tests.Orleans;

/// <summary>A test with real silos on a real PostgreSQL; skipped, with the reason, where none can be started.</summary>
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = PostgresPrograms.Problem;
}
