using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>Backs up one mailbox: opens the two sides and lets a <see cref="MailRun"/> do the work.</summary>
internal sealed class MailBackup(
    TenantConnections connections, VaultAccess vault, IOptions<RunOptions> options, IOptions<MailReadOptions> reading, TimeProvider time, ILoggerFactory logs)
    : IResourceBackup
{
    public ResourceKind Kind => ResourceKind.Mailbox;

    public async Task<RunResult> RunAsync(RunRequest request, RunBoard board, CancellationToken cancellation)
    {
        board.Step("Opening the vault");
        var store = await vault.OpenAsync(request.Resource, cancellation);
        await using var writer = await store.BeginRunAsync(request.Run.Value, request.StartedAt, cancellation, request.Damaged, request.Remembered);
        // Sealed before the process died, only the state did not say so yet: what is done is not done twice.
        if (!writer.Resumed && writer.Previous is { } point && point.Run == request.Run.Value)
            return new RunResult(point, Enum.Parse<RunOutcome>(point.Details[PointDetails.Outcome]), []) { Mark = writer.Mark };

        board.Step("Signing in to Microsoft 365");
        var client = await connections.GetAsync(request.Resource.Tenant, cancellation);
        var reader = new MailboxReader(client, request.Resource.ObjectId, reading.Value with { IncludeHiddenFolders = request.HiddenFolders });
        using var run = new MailRun(request, reader, writer, board, options.Value, time, logs.CreateLogger<MailRun>());
        return await run.BackUpAsync(cancellation) with { Mark = writer.Mark, GoneRound = [.. writer.GoneRound] };
    }
}
