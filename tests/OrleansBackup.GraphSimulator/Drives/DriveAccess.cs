using System.Buffers;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Drives;

/// <summary>From the names in a drive path to the drive and its item, with the refusals of OneDrive and SharePoint.</summary>
internal static class DriveAccess
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\"*:<>?/\\|");

    private static readonly HashSet<string> Reserved = new(["CON", "PRN", "AUX", "NUL", ".lock", "desktop.ini",
        .. Enumerable.Range(0, 10).SelectMany(number => new[] { $"COM{number}", $"LPT{number}" })], StringComparer.OrdinalIgnoreCase);

    public const int LongestPath = 400;

    public static Drive Drive(GraphRequest request)
    {
        var drive = request.Tenant.Drives.Find(request.Values["drive"]) ?? throw new GraphErrorException(404, "itemNotFound", "The resource could not be found.");
        return drive.Refusal is { } refusal ? throw new GraphErrorException(refusal.Status, refusal.Code, refusal.Message) : drive;
    }

    public static DriveItem Item(GraphRequest request, Drive drive) => Item(drive, request.Values.GetValueOrDefault("item") ?? "root");

    public static DriveItem Item(Drive drive, string id) => drive.Find(id) ?? throw ItemNotFound();

    /// <summary>The folder of <c>items/{parent}:/…</c> or <c>items/{item}/children</c>.</summary>
    public static DriveItem Folder(GraphRequest request, Drive drive, string value)
    {
        var folder = Item(drive, request.Values.GetValueOrDefault(value) ?? "root");
        return folder.HoldsItems ? folder : throw new GraphErrorException(400, "invalidRequest", "The item is not a folder.");
    }

    public static GraphErrorException ItemNotFound() => new(404, "itemNotFound", "The resource could not be found.");

    public static GraphErrorException Locked() => new(423, "resourceLocked", "The resource you are attempting to access is locked.");

    public static GraphErrorException NameTaken() => new(409, "nameAlreadyExists", "An item with the same name already exists under the parent");

    /// <summary>Refuses names and paths that a library does not take.</summary>
    public static void CheckName(Drive drive, DriveItem parent, string name)
    {
        var isReserved = Reserved.Contains(name) || Reserved.Contains(System.IO.Path.GetFileNameWithoutExtension(name)) && !name.Contains('.', StringComparison.Ordinal);
        if (name.Length == 0 || name.AsSpan().ContainsAny(Forbidden) || name != name.Trim() || isReserved || name.StartsWith("~$", StringComparison.Ordinal)
            || name.Contains("_vti_", StringComparison.OrdinalIgnoreCase) || name.EndsWith('.') || name.Any(char.IsControl)
            || (!drive.IsPersonal && parent.Kind == DriveItemKind.Root && name.Equals("forms", StringComparison.OrdinalIgnoreCase)))
            throw new GraphErrorException(400, "invalidRequest", "The provided name cannot contain the characters or words that are reserved.");
        if (drive.Path(parent).Length + 1 + name.Length > LongestPath)
            throw new GraphErrorException(400, "pathIsTooLong", "The path of the item is too long.");
    }
}
