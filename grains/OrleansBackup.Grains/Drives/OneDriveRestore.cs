using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;

namespace OrleansBackup.Grains.Drives;

/// <summary>Puts back what a OneDrive held: into it, into another user's, or into a library of a site.</summary>
internal sealed class OneDriveRestore(IOptions<DriveReadOptions> reading, IOptions<DriveWriteOptions> writing) : IResourceRestore
{
    public ResourceKind Kind => ResourceKind.OneDrive;

    public bool CanRestoreInto(ResourceKind target) => target is ResourceKind.OneDrive or ResourceKind.Site;

    public async Task CheckTargetAsync(RestoreRequest request, GraphClient target, CancellationToken cancellation)
    {
        CheckNames(request);
        try
        {
            await FindAsync(request, target, cancellation);
        }
        catch (DriveUnavailableException exception)
        {
            throw new InvalidRequestException("target.resource", $"The target cannot be used now: {exception.Message} Choose another, or have it made first. Nothing was started.");
        }
        catch (TenantAccessException exception) when (exception.Problem == TenantAccessProblem.PermissionMissing)
        {
            throw new TenantAccessRefusedException($"{exception.Message} Ask an administrator of the customer to consent to it, then ask again. Nothing was started.");
        }
    }

    public async Task<IReadOnlyList<IPartRestore>> PartsOfAsync(RestoreSource source, GraphClient target, IRestoreLedger ledger, CancellationToken cancellation)
    {
        if (PlanOf(source) is not { IsEmpty: false } plan)
            return [];
        ledger.Step("Looking at the target drive");
        var drive = await FindAsync(source.Request, target, cancellation);
        var targets = new DriveTargets(source.Folders, source.Request.TargetFolder, source.Request.Conflict, (from, token) => OpenAsync(target, drive.Id, from, token));
        return [new DrivePartRestore(source.Request, plan, source.Point, targets)];
    }

    public IReadOnlyList<PartForesight> ForesightsOf(RestoreSource source) =>
        [new(PlanOf(source), item => DrivePartRestore.Foresee(item, source.Request.Permissions, source.Folders))];

    /// <summary>What holds for every restore of files, wherever they come from.</summary>
    /// <exception cref="InvalidRequestException">It names what is wrong.</exception>
    public static void CheckNames(RestoreRequest request)
    {
        if (request.TargetFolder.FirstOrDefault(name => name != DriveNames.Acceptable(name)) is { } name)
            throw new InvalidRequestException("target.folder", $"A drive does not take a folder named '{name}'.");
        if (request.RemoveNewer && (request.Conflict != ConflictPolicy.Overwrite || !request.TargetFolder.IsEmpty || request.TargetResource is not null || !request.Selection.ItemIds.IsEmpty))
            throw new InvalidRequestException("removeNewer", "What is newer can be removed only where whole folders are restored in place and overwrite what is there.");
    }

    /// <summary>The parts of a target that is found already.</summary>
    public async Task<TargetDrive> OpenAsync(GraphClient client, string driveId, string from, CancellationToken cancellation)
    {
        var reader = new DriveReader(client, driveId, reading.Value);
        var root = await reader.TryReadAsync("root", cancellation)
            ?? throw new DriveUnavailableException(DriveProblem.NoDrive, "The target drive has no root.", "NoRoot", requestId: null);
        return new TargetDrive(reader, new DriveWriter(client, driveId, writing.Value), root.Id, IsOriginal: driveId == from);
    }

    private static RestorePlan PlanOf(RestoreSource source) => source.PlanOf(ItemIds.Drive, ItemKinds.File);

    private static async Task<GraphDrive> FindAsync(RestoreRequest request, GraphClient client, CancellationToken cancellation)
    {
        var target = request.TargetResource ?? request.Point.Resource;
        if (target.Kind == ResourceKind.OneDrive)
            return await DriveReader.FindOfUserAsync(client, target.ObjectId, cancellation);
        var libraries = await DriveReader.ListOfSiteAsync(client, target.ObjectId, cancellation);
        return (request.TargetContainer is { } chosen ? libraries.FirstOrDefault(library => library.Id == chosen) : libraries is [var first, ..] ? first : null)
            ?? throw new DriveUnavailableException(DriveProblem.NoDrive, "The site has no such library.", "NoLibrary", requestId: null);
    }
}
