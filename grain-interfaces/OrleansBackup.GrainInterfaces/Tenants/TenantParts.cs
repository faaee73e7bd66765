using System.Text;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Scope;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>How the resources of a tenant are divided among its parts, so that no single row and no single grain stands for all of a large one.</summary>
/// <remarks>The number of parts is a power of two and only grows. The hash is stored by what it decided, so it never changes.</remarks>
public static class TenantParts
{
    /// <summary>A part is divided before it has more. At about 500 bytes each in the census and as much of health, both rows stay under 1 MB.</summary>
    public const int LargestPart = 1_000;

    /// <summary>How many parts a tenant of so many resources needs, and at least as many as it has.</summary>
    public static int Needed(int resources, int present)
    {
        var parts = Math.Max(present, 1);
        while ((long)parts * LargestPart < resources)
            parts *= 2;
        return parts;
    }

    public static int Of(ResourceId resource, int parts) => Of(resource.ObjectId, parts);

    /// <summary>FNV-1a over the object id, its halves folded together.</summary>
    public static int Of(string objectId, int parts)
    {
        var hash = 2_166_136_261u;
        foreach (var one in Encoding.UTF8.GetBytes(objectId))
            hash = unchecked((hash ^ one) * 16_777_619u);
        return (int)((hash ^ (hash >> 16)) & (uint)(parts - 1));
    }

    /// <summary>What of a tenant's settings one part needs: a selection of tens of thousands is not told to every part whole.</summary>
    public static TenantSettings Cut(this TenantSettings settings, int part, int parts) => parts == 1 ? settings : settings with
    {
        Scope = settings.Scope with
        {
            Selected = [.. settings.Scope.Selected.Where(name => Of(ObjectIdOf(name), parts) == part)],
            Excluded = [.. settings.Scope.Excluded.Where(name => Of(ObjectIdOf(name), parts) == part)],
        },
    };

    // A scope names things by their object id or by their local name.
    private static string ObjectIdOf(string name) => ResourceId.TryParseLocalName(default, name, out var resource) ? resource.ObjectId : name;
}
