using OrleansBackup.PostgresServer;

namespace OrleansBackup.Cluster.Tests.Orleans;

/// <summary>A test with silos of an earlier release beside those of this build; skipped where none is named.</summary>
/// <remarks>The variable names the server's program, <c>OrleansBackup.Silo.dll</c>, of that release as it was built for Orleans.</remarks>
public sealed class EarlierReleaseFactAttribute : FactAttribute
{
    private const string Variable = "ORLEANSBACKUP_EARLIER_SILO";

    public EarlierReleaseFactAttribute() => Skip = PostgresPrograms.Problem ?? (Program is null ? $"{Variable} does not name the OrleansBackup.Silo.dll of an earlier release." : null);

    /// <summary>Null: none is named.</summary>
    public static string? Program { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : null;
}

/// <summary>A test with real silos on a real PostgreSQL; skipped, with the reason, where none can be started.</summary>
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = PostgresPrograms.Problem;
}
