using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Budget;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Budget;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>The work of a restore job, for a resource of any kind: checked as a whole, foreseen, and done. Plain: no actor.</summary>
internal sealed class ResourceRestorer(TenantConnections connections, VaultAccess vault, IEnumerable<IResourceRestore> restores)
{
    private readonly FrozenDictionary<ResourceKind, IResourceRestore> _restores = restores.ToFrozenDictionary(restore => restore.Kind);

    /// <summary>Refuses, before anything starts, what could not be carried out: point, selection or target that is not there.</summary>
    /// <exception cref="InvalidRequestException">It names what is wrong.</exception>
    public async Task CheckAsync(RestoreRequest request, CancellationToken cancellation)
    {
        var restore = Of(request);
        if (!Enum.IsDefined(request.Conflict))
            throw new InvalidRequestException("conflict", "Say what to do with items that are still there: skip, copy or overwrite.");
        CheckMeaning(request);
        await using var point = await OpenAsync(request, cancellation);
        await CheckSelectionAsync(request.Selection, point, cancellation);
        var client = await connections.GetAsync(request.Point.Resource.Tenant, cancellation);
        await restore.CheckTargetAsync(request, client, cancellation);
    }

    /// <summary>What a job would put back, and what of it not as it was. Reads the point only.</summary>
    public async Task<RestorePreview> PreviewAsync(RestoreRequest request, CancellationToken cancellation)
    {
        var restore = Of(request);
        CheckMeaning(request);
        await using var point = await OpenAsync(request, cancellation);
        var folders = await CheckSelectionAsync(request.Selection, point, cancellation);
        var count = new RestoreForecast();
        foreach (var part in restore.ForesightsOf(new RestoreSource(request, default, point, folders)))
            if (!part.Plan.IsEmpty)
                await count.AddAsync(part, cancellation);
        return count.Result;
    }

    /// <summary>Puts back what is left of the job and keeps the ledger. Called again after a crash with the same ledger.</summary>
    public async Task RunAsync(RestoreRequest request, RestoreJobId job, IRestoreLedger ledger, CancellationToken cancellation)
    {
        WorkUnderWay.Begin(request.IsRehearsal ? WorkPriority.Rehearsal : WorkPriority.Restore);
        ledger.Step("Opening the restore point");
        await using var point = await OpenAsync(request, cancellation);
        var source = new RestoreSource(request, job, point, await FolderTree.ReadAsync(point, cancellation));
        var client = await connections.GetAsync(source.Target.Tenant, cancellation);
        var parts = await Of(request).PartsOfAsync(source, client, ledger, cancellation);
        await new RestoreRun(parts, ledger).RunAsync(cancellation);
    }

    private IResourceRestore Of(RestoreRequest request)
    {
        var (from, to) = (request.Point.Resource, request.TargetResource ?? request.Point.Resource);
        if (from.Tenant != to.Tenant)
            throw new InvalidRequestException("target.resource", "The target belongs to another tenant; what is one customer's never goes to another.");
        return _restores[from.Kind].CanRestoreInto(to.Kind) ? _restores[from.Kind]
            : throw new InvalidRequestException("target.resource", $"What comes from a resource of kind '{from.Kind.Token()}' cannot be put into one of kind '{to.Kind.Token()}'.");
    }

    /// <summary>What would be passed over in silence is refused: who asked for it would believe that it was done.</summary>
    private static void CheckMeaning(RestoreRequest request)
    {
        var target = (request.TargetResource ?? request.Point.Resource).Kind;
        if (request.TargetContainer is not null && target is (ResourceKind.Mailbox or ResourceKind.OneDrive))
            throw new InvalidRequestException("target.container", "Only a site (a library or list) and a team (a channel) have containers to choose. For a mailbox or OneDrive name a folder with target.folder.");
        if (request.RemoveNewer && target is (ResourceKind.Mailbox or ResourceKind.Team))
            throw new InvalidRequestException("removeNewer", "Only in a OneDrive or a site's library is what is newer removed. Ask again without removeNewer.");
    }

    private async Task<PointReader> OpenAsync(RestoreRequest request, CancellationToken cancellation) =>
        await (await vault.OpenAsync(request.Point.Resource, cancellation)).OpenPointAsync(request.Point.Sequence, cancellation);

    private static async Task<FolderTree> CheckSelectionAsync(RestoreSelection selection, PointReader point, CancellationToken cancellation)
    {
        if (!selection.Everything && selection.FolderIds.IsEmpty && selection.ItemIds.IsEmpty)
            throw new InvalidRequestException("selection", "Say what to restore: everything, folders or items.");
        if (selection.Everything && !(selection.FolderIds.IsEmpty && selection.ItemIds.IsEmpty))
            throw new InvalidRequestException("selection", "Everything was asked for, so no folders or items may be named beside it.");
        var folders = await FolderTree.ReadAsync(point, cancellation);
        if (selection.FolderIds.FirstOrDefault(id => folders.Find(id) is null) is { } folder)
            throw new InvalidRequestException("selection.folderIds", $"Folder '{folder}' is not in this restore point.");
        foreach (var id in selection.ItemIds)
            if (await RestorePlan.FindAsync(point, id, cancellation) is null)
                throw new InvalidRequestException("selection.itemIds", $"Item '{id}' is not in this restore point.");
        return folders;
    }
}
