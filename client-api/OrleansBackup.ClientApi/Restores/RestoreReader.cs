using System.Collections.Immutable;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.ClientApi.Restores;

/// <summary>From the body of a restore to the request of the service; what makes no sense is a problem of the field that says it.</summary>
internal static class RestoreReader
{
    /// <summary>More single ids than this are a folder's worth: ask for the folder, or make two jobs.</summary>
    public const int MaxIds = 10_000;

    /// <summary>Deeper than Exchange lets folders be.</summary>
    public const int MaxFolderDepth = 300;

    public static ResourceId Resource(TenantId tenant, RestoreBody body) =>
        AddressParts.Resource(tenant, body.Resource ?? throw new ProblemException(Problem.FieldMissing("resource")), "resource");

    /// <param name="point">The point that <see cref="RestoreBody.Point"/> names, found already.</param>
    public static RestoreRequest Request(RestoreBody body, RestorePointId point, string requestedBy) => new(
        point,
        Selection(body.Selection ?? throw new ProblemException(Problem.FieldMissing("selection"))),
        body.Target?.Resource is { } target ? AddressParts.Resource(point.Resource.Tenant, target, "target.resource") : null,
        Folder(body.Target?.Folder),
        body.Conflict ?? throw new ProblemException(Problem.FieldMissing("conflict")),
        requestedBy)
    {
        Permissions = body.Permissions ?? false,
        RemoveNewer = body.RemoveNewer ?? false,
        TargetContainer = body.Target?.Container is { Length: > 0 } container ? AddressParts.GraphId(container) : null,
    };

    private static RestoreSelection Selection(SelectionBody body)
    {
        var (folders, items) = (Ids(body.FolderIds, "selection.folderIds"), Ids(body.ItemIds, "selection.itemIds"));
        return (body.Everything ?? false, folders.Length + items.Length) switch
        {
            (true, > 0) => throw new ProblemException(Problem.InvalidField("selection", "Ask for everything, or for folders and items; not for both.")),
            (false, 0) => throw new ProblemException(Problem.InvalidField("selection", "The selection is empty: give everything, folderIds or itemIds.")),
            var (everything, _) => new RestoreSelection(everything, folders, items),
        };
    }

    private static ImmutableArray<string> Ids(ImmutableArray<string>? ids, string field) => ids is not { IsDefault: false } given ? []
        : given.Length > MaxIds ? throw new ProblemException(Problem.InvalidField(field, $"'{field}' may hold at most {MaxIds} ids; make several jobs, or name folders."))
        : given.Any(string.IsNullOrWhiteSpace) ? throw new ProblemException(Problem.InvalidField(field, $"'{field}' holds an empty id."))
        : given;

    private static ImmutableArray<string> Folder(ImmutableArray<string>? names) => names is not { IsDefault: false } given ? []
        : given.Length > MaxFolderDepth ? throw new ProblemException(Problem.InvalidField("target.folder", $"'target.folder' may be at most {MaxFolderDepth} deep."))
        : given.Any(string.IsNullOrWhiteSpace) ? throw new ProblemException(Problem.InvalidField("target.folder", "'target.folder' holds an empty name."))
        : given;
}
