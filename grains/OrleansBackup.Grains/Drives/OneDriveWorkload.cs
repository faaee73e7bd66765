using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;

namespace OrleansBackup.Grains.Drives;

/// <summary>What there is in a OneDrive.</summary>
internal sealed class OneDriveWorkload(IOptions<DriveReadOptions> options) : IResourceWorkload
{
    public ResourceKind Kind => ResourceKind.OneDrive;

    public IEnumerable<IRunPart> PartsOf(RunRequest request, GraphClient client)
    {
        yield return new OneDrivePart(client, request.Resource.ObjectId, options.Value);
    }
}
