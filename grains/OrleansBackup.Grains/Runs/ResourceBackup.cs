using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Microsoft365;

namespace OrleansBackup.Grains.Runs;

/// <summary>Backs up one resource: opens the two sides, lets the parts of its kind do their work, and seals what they brought.</summary>
internal sealed class ResourceBackup(
    TenantConnections connections, VaultAccess vault, IEnumerable<IResourceWorkload> workloads, IOptions<RunOptions> options, TimeProvider time, ILoggerFactory logs)
    : IResourceBackup
{
    private readonly FrozenDictionary<ResourceKind, IResourceWorkload> _workloads = workloads.ToFrozenDictionary(workload => workload.Kind);

    public async Task<RunResult> RunAsync(RunRequest request, RunBoard board, CancellationToken cancellation)
    {
        board.Step("Opening the vault");
        var store = await vault.OpenAsync(request.Resource, cancellation);
        await using var writer = await store.BeginRunAsync(request.Run.Value, request.StartedAt, cancellation, request.Damaged, request.Remembered);
        // Sealed before the process died, only the state did not say so yet: what is done is not done twice.
        if (!writer.Resumed && writer.Previous is { } point && point.Run == request.Run.Value)
            return new RunResult(point, Enum.Parse<RunOutcome>(point.Details[PointDetails.Outcome]), []) { Mark = writer.Mark };

        if (request.HasErased)
            writer.Withhold(await vault.ReadErasedAsync(request.Resource, cancellation));
        board.Step("Signing in to Microsoft 365");
        var client = await connections.GetAsync(request.Resource.Tenant, cancellation);
        var session = new RunSession(request, writer, board, options.Value, time, logs.CreateLogger<RunSession>());
        foreach (var part in _workloads[request.Resource.Kind].PartsOf(request, client))
            await BackUpAsync(part, session, cancellation);
        return await session.SealAsync(cancellation);
    }

    private static async Task BackUpAsync(IRunPart part, RunSession session, CancellationToken cancellation)
    {
        try
        {
            await part.BackUpAsync(session, cancellation);
        }
        catch (TenantAccessException exception) when (!part.IsEssential && exception.Problem == TenantAccessProblem.PermissionMissing)
        {
            session.Lack(part.Name, exception.Message); // what earlier runs brought of it stays as it was; the detail says that it is not of now
        }
    }
}
