using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Drives;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Sites;

namespace OrleansBackup.Grains.Sites;

/// <summary>Puts back what a site holds: lists with their items, pages, and the files of its libraries.</summary>
internal sealed class SiteRestore(IOptions<SiteReadOptions> reading, IOptions<DriveReadOptions> drives, IOptions<DriveWriteOptions> writes) : IResourceRestore
{
    private const int LongestSuffix = 100;

    public ResourceKind Kind => ResourceKind.Site;

    public bool CanRestoreInto(ResourceKind target) => target == ResourceKind.Site;

    public async Task CheckTargetAsync(RestoreRequest request, GraphClient target, CancellationToken cancellation)
    {
        OneDriveRestore.CheckNames(request);
        if (SuffixOf(request) is { Length: > LongestSuffix } || request.TargetFolder.Any(string.IsNullOrWhiteSpace))
            throw new InvalidRequestException("target.folder", $"What is put behind the names of lists and pages needs 1 to {LongestSuffix} characters.");
        if (await SiteWriter.FindMissingPermissionAsync(target, cancellation) is { } missing)
            throw new TenantAccessRefusedException($"The app lacks a permission in this tenant that a restore needs: {missing}. "
                + "Ask an administrator of the customer to consent to it, then ask again. Nothing was started.");
        try
        {
            var siteId = (request.TargetResource ?? request.Point.Resource).ObjectId;
            var site = new SiteReader(target, siteId, reading.Value);
            await site.ReadAsync(cancellation);
            if (LibraryOf(request) is { } library && (await DriveReader.ListOfSiteAsync(target, siteId, cancellation)).All(drive => drive.Id != library))
                throw new InvalidRequestException("target.container", $"The target site has no library '{library}'. Nothing was started.");
            if (ListOf(request) is { } list && (await site.ReadListsAsync(cancellation)).All(candidate => candidate.Id != list || !candidate.HoldsItems))
                throw new InvalidRequestException("target.container", $"The target site has no list '{list}' that takes items; a library is named by the id of its drive. Nothing was started.");
        }
        catch (Exception exception) when (exception is SiteUnavailableException or DriveUnavailableException)
        {
            throw new InvalidRequestException("target.resource", $"{exception.Message} Choose another site. Nothing was started.");
        }
    }

    public Task<IReadOnlyList<IPartRestore>> PartsOfAsync(RestoreSource source, GraphClient target, IRestoreLedger ledger, CancellationToken cancellation)
    {
        var request = source.Request;
        var reader = new SiteReader(target, source.Target.ObjectId, reading.Value);
        var writer = new SiteWriter(target, source.Target.ObjectId);
        var (sameSite, suffix) = (source.Target == request.Point.Resource, SuffixOf(request));
        var parts = new List<IPartRestore>();
        if (ListPlan(source) is { IsEmpty: false } lists)
            parts.Add(new ListPartRestore(request.Conflict, lists, source.Point, new TargetLists(source.Point, reader, writer, sameSite, suffix, ListOf(request)), reader, writer));
        if (PagePlan(source) is { IsEmpty: false } pages)
            parts.Add(new PagePartRestore(request.Conflict, pages, source.Point, reader, writer, sameSite, suffix, mayPublish: !request.IsRehearsal));
        if (FilePlan(source) is { IsEmpty: false } files)
        {
            var libraries = new TargetLibraries(target, source.Point, source.Target.ObjectId, LibraryOf(request), reading: drives.Value, writing: writes.Value);
            parts.Add(new DrivePartRestore(request, files, source.Point, new DriveTargets(source.Folders, request.TargetFolder, request.Conflict, libraries.FindAsync)));
        }
        return Task.FromResult<IReadOnlyList<IPartRestore>>(parts);
    }

    public IReadOnlyList<PartForesight> ForesightsOf(RestoreSource source) => 
        [new(ListPlan(source), ListPartRestore.Foresee), new(PagePlan(source), PagePartRestore.Foresee), new(FilePlan(source), item => DrivePartRestore.Foresee(item, source.Request.Permissions, source.Folders))];

    private static RestorePlan ListPlan(RestoreSource source) => source.PlanOf(SiteItems.Lists, ItemKinds.ListItem);

    private static RestorePlan PagePlan(RestoreSource source) => source.PlanOf(SiteItems.Pages, ItemKinds.Page);

    private static RestorePlan FilePlan(RestoreSource source) => source.PlanOf(ItemIds.Drive, ItemKinds.File);

    // Ids of libraries are drives' and begin with b!; those of lists are plain.
    private static string? LibraryOf(RestoreRequest request) => request.TargetContainer?.StartsWith("b!", StringComparison.Ordinal) == true ? request.TargetContainer : null;

    private static string? ListOf(RestoreRequest request) => LibraryOf(request) is null ? request.TargetContainer : null;

    private static string SuffixOf(RestoreRequest request) => string.Join(' ', request.TargetFolder);
}
