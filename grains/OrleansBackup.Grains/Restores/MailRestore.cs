using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Directory;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>Puts mail back: checks a request against the point and the target, and lets a <see cref="MailRestoreJob"/> do the work.</summary>
internal sealed class MailRestore(
    TenantConnections connections, VaultAccess vault, IOptions<MailReadOptions> reading, IOptions<MailWriteOptions> writing) : IResourceRestore
{
    public ResourceKind Kind => ResourceKind.Mailbox;

    public async Task CheckAsync(RestoreRequest request, CancellationToken cancellation)
    {
        TargetFolders.Validate(request.TargetFolder);
        var selection = request.Selection;
        if (!selection.Everything && selection.FolderIds.IsEmpty && selection.ItemIds.IsEmpty)
            throw new InvalidRequestException("selection", "Say what to restore: everything, folders or items.");
        if (selection.Everything && !(selection.FolderIds.IsEmpty && selection.ItemIds.IsEmpty))
            throw new InvalidRequestException("selection", "Everything was asked for, so no folders or items may be named beside it.");

        var store = await vault.OpenAsync(request.Point.Resource, cancellation);
        await using var point = await store.OpenPointAsync(request.Point.Sequence, cancellation);
        var folders = await FoldersAsync(point, cancellation);
        if (selection.FolderIds.FirstOrDefault(id => folders.Find(id) is null) is { } folder)
            throw new InvalidRequestException("selection.folderIds", $"Folder '{folder}' is not in this restore point.");
        var plan = new MailRestorePlan(point, folders, selection);
        foreach (var id in selection.ItemIds)
            if (await plan.FindAsync(id, cancellation) is null)
                throw new InvalidRequestException("selection.itemIds", $"Item '{id}' is not in this restore point.");
        await CheckTargetAsync(request.TargetResource ?? request.Point.Resource, cancellation);
    }

    public async Task RunAsync(RestoreRequest request, RestoreJobId job, IRestoreLedger ledger, CancellationToken cancellation)
    {
        ledger.Step("Opening the restore point");
        var store = await vault.OpenAsync(request.Point.Resource, cancellation);
        await using var point = await store.OpenPointAsync(request.Point.Sequence, cancellation);
        var folders = await FoldersAsync(point, cancellation);

        ledger.Step("Looking at the target mailbox");
        var target = request.TargetResource ?? request.Point.Resource;
        var client = await connections.GetAsync(target.Tenant, cancellation);
        var reader = new MailboxReader(client, target.ObjectId, reading.Value with { IncludeHiddenFolders = true });
        var writer = new MailboxWriter(client, target.ObjectId, writing.Value);
        var now = new FolderTree((await reader.ReadFoldersAsync(null, cancellation)).Changed.Select(FolderItem.Of));

        var plan = new MailRestorePlan(point, folders, request.Selection);
        var targets = new TargetFolders(folders, now, request.TargetFolder, target == request.Point.Resource, writer);
        await new MailRestoreJob(job, request.Conflict, plan, point, targets, writer, ledger).RunAsync(cancellation);
    }

    private async Task CheckTargetAsync(ResourceId target, CancellationToken cancellation)
    {
        var client = await connections.GetAsync(target.Tenant, cancellation);
        var directory = new DirectoryReader(client);
        var lacking = (await directory.CheckPermissionsAsync(cancellation)).Findings
            .Where(finding => finding is { NeededForRestore: true, State: PermissionState.Missing }).Select(finding => finding.Name).ToList();
        if (lacking.Count > 0)
            throw new TenantAccessRefusedException($"The app lacks permissions in this tenant that a restore needs: {string.Join(", ", lacking)}. "
                + "Ask an administrator of the customer to consent to them, then ask again. Nothing was started.");
        var probe = await directory.ProbeMailboxAsync(target.ObjectId, cancellation);
        if (probe.Presence == MailboxPresence.NoMailbox)
            throw new InvalidRequestException("target.resource",
                $"The target has no mailbox in Microsoft 365 now ({probe.Code}); choose another mailbox, or have a licence assigned first. Nothing was started.");
    }

    private static Task<FolderTree> FoldersAsync(PointReader point, CancellationToken cancellation) =>
        FolderTree.ReadAsync(point.ItemsAsync(new ItemFilter(ItemKinds.MailFolder, null), cancellation), cancellation);
}
