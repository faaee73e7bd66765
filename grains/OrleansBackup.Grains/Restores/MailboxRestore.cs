using OrleansBackup.Grains.Mailboxes.Items;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Directory;
using OrleansBackup.Microsoft365.Exports;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Grains.Restores;

/// <summary>Puts back what a mailbox holds.</summary>
internal sealed class MailboxRestore(IOptions<MailReadOptions> reading, IOptions<MailWriteOptions> writing, IOptions<ExportOptions> exporting, ItemSources items) : IResourceRestore
{
    public ResourceKind Kind => ResourceKind.Mailbox;

    public bool CanRestoreInto(ResourceKind target) => target == ResourceKind.Mailbox;

    public async Task CheckTargetAsync(RestoreRequest request, GraphClient target, CancellationToken cancellation)
    {
        TargetFolders.Validate(request.TargetFolder);
        var directory = new DirectoryReader(target);
        var lacking = (await directory.CheckPermissionsAsync(cancellation)).Findings
            .Where(finding => finding is { NeededForRestore: true, State: PermissionState.Missing }).Select(finding => finding.Name).ToList();
        if (lacking.Count > 0)
            throw new TenantAccessRefusedException($"The app lacks permissions in this tenant that a restore needs: {string.Join(", ", lacking)}. "
                + "Ask an administrator of the customer to consent to them, then ask again. Nothing was started.");
        var probe = await directory.ProbeMailboxAsync((request.TargetResource ?? request.Point.Resource).ObjectId, cancellation);
        if (probe.Presence == MailboxPresence.NoMailbox)
            throw new InvalidRequestException("target.resource",
                $"The target has no mailbox in Microsoft 365 now ({probe.Code}); choose another mailbox, or have a licence assigned first. Nothing was started.");
    }

    public async Task<IReadOnlyList<IPartRestore>> PartsOfAsync(RestoreSource source, GraphClient target, IRestoreLedger ledger, CancellationToken cancellation)
    {
        var parts = new List<IPartRestore>();
        ledger.Step("Looking which way is open");
        var import = await ImportWay.OpenAsync(target, source.Target.ObjectId, source.Point, exporting.Value, cancellation);
        if (MailPlan(source) is { IsEmpty: false } mail)
            parts.Add(await MailAsync(source, mail, target, import, ledger, cancellation));
        foreach (var kind in ItemPartKind.All)
            if (await PlanAsync(source, kind, cancellation) is { } plan)
                parts.Add(await ItemsAsync(source, kind, plan, target, import, ledger, cancellation));
        return parts;
    }

    public IReadOnlyList<PartForesight> ForesightsOf(RestoreSource source) =>
        [new(MailPlan(source), MailPartRestore.Foresee), .. ItemPartKind.All.Select(kind => new PartForesight(source.PlanOf(kind.Part, kind.Item), ItemPartRestore.Foresee))];

    private static RestorePlan MailPlan(RestoreSource source) => source.PlanOf(ItemIds.Mail, ItemKinds.Message);

    /// <returns>Null when nothing of the part was asked for, or there is nothing.</returns>
    private static async Task<RestorePlan?> PlanAsync(RestoreSource source, ItemPartKind kind, CancellationToken cancellation)
    {
        var plan = source.PlanOf(kind.Part, kind.Item);
        if (plan.IsEmpty)
            return null;
        if (!plan.Folders().IsEmpty)
            return plan;
        await foreach (var _ in plan.ItemsAsync(cancellation))
            return plan;
        return null;
    }

    private async Task<IPartRestore> ItemsAsync(RestoreSource source, ItemPartKind kind, RestorePlan plan, GraphClient client, ImportWay import, IRestoreLedger ledger, CancellationToken cancellation)
    {
        ledger.Step($"Looking at the {kind.Part} of the target");
        var target = items.Write(kind, client, source.Target.ObjectId);
        try
        {
            var targets = new TargetContainers(kind, source, await target.ReadContainersAsync(cancellation), target);
            if (source.Request.IsRehearsal && kind.Part == ItemIds.Calendar)
                return new ItemPartRestore(kind, source, plan, targets, target); // an imported meeting has its attendees, who are told when it is taken away
            return new ItemPartRestore(kind, source, plan, targets, target, import,
                (container, token) => ContainerIndex.ReadAsync(client, source.Target.ObjectId, kind.Contained, container, token));
        }
        catch (Exception exception) when (exception is TenantAccessException { Problem: TenantAccessProblem.PermissionMissing } or MailboxUnavailableException { Problem: MailboxProblem.AccessDenied })
        {
            return new RefusedPart(plan, exception.Message);
        }
    }

    private async Task<MailPartRestore> MailAsync(RestoreSource source, RestorePlan plan, GraphClient client, ImportWay import, IRestoreLedger ledger, CancellationToken cancellation)
    {
        ledger.Step("Looking at the target mailbox");
        var target = source.Target.ObjectId;
        var reader = new MailboxReader(client, target, reading.Value with { IncludeHiddenFolders = true });
        var writer = new MailboxWriter(client, target, writing.Value);
        var now = new FolderTree((await reader.ReadFoldersAsync(null, cancellation)).Changed.Select(MailFolderItem.Of));
        var targets = new TargetFolders(source.Folders, now, source.Request.TargetFolder, source.Target == source.Request.Point.Resource, writer);
        return new MailPartRestore(source.Job, source.Request.Conflict, plan, source.Point, targets, writer, import);
    }
}
