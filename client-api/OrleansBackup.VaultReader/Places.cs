using System.Globalization;
using OrleansBackup.Vault;

namespace OrleansBackup.VaultReader;

/// <summary>From typed names to what they mean in the vault.</summary>
internal static class Places
{
    private const string IdMark = "id:";

    /// <summary>Opens a resource that holds something.</summary>
    public static async Task<ResourceVault> OpenAsync(VaultRepository repository, string tenant, string resource, CancellationToken cancellation)
    {
        var there = await ResourcesAsync(repository, tenant, cancellation).ToListAsync(cancellation);
        return there.Contains(resource) ? await repository.OpenAsync(new(tenant, resource), cancellation)
            : throw new CommandException(ExitCode.NotFound, $"Tenant '{tenant}' has no resource '{resource}' in this store; it has {there.Count}, 'vault ls' lists them.");
    }

    public static async IAsyncEnumerable<string> ResourcesAsync(
        VaultRepository repository, string tenant, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!await repository.ListTenantsAsync(cancellation).ContainsAsync(tenant, cancellationToken: cancellation))
            throw new CommandException(ExitCode.NotFound, $"There is no tenant '{tenant}' in this store.");
        await foreach (var resource in repository.ListResourcesAsync(tenant, cancellation))
            yield return resource;
    }

    public static async Task<PointReader> OpenPointAsync(VaultRepository repository, CommandLine line, CancellationToken cancellation)
    {
        var resource = await OpenAsync(repository, line.Target[0], line.Target[1], cancellation);
        var text = line.Target[2];
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            return await resource.OpenPointAsync(sequence, cancellation);
        var points = await resource.ListPointsAsync(cancellation);
        RestorePoint? point;
        if (text == "latest")
            point = points.LastOrDefault();
        else if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            point = points.LastOrDefault(p => DateOnly.FromDateTime(p.StartedAt.UtcDateTime) == day);
        else
            throw new CommandException(ExitCode.Usage, $"'{text}' is no restore point: a number, a day like 2026-03-01, or latest.");
        return point is null ? throw new CommandException(ExitCode.NotFound, $"'{resource.Resource}' has no restore point '{text}'.")
            : await resource.OpenPointAsync(point.Sequence, cancellation);
    }

    /// <summary>The items that lie in one item, or at the top: in nothing, or in something that is not in the point.</summary>
    public static async IAsyncEnumerable<ItemVersion> InAsync(
        PointReader point, ItemVersion? place, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var known = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var kind in point.Point.ItemsByKind.Keys)
            await foreach (var item in point.ItemsAsync(new ItemFilter(kind, place?.Id), cancellation))
                if (place is not null || await IsAtTopAsync(item))
                    yield return item;

        async ValueTask<bool> IsAtTopAsync(ItemVersion item)
        {
            if (item.ParentId is null)
                return true;
            if (!known.TryGetValue(item.ParentId, out var isThere))
                known[item.ParentId] = isThere = await point.FindAsync(item.ParentId, cancellation) is not null;
            return !isThere;
        }
    }

    public static async Task<ItemVersion> FindAsync(PointReader point, string path, CancellationToken cancellation)
    {
        if (path.StartsWith(IdMark, StringComparison.Ordinal))
            return await point.FindAsync(path[IdMark.Length..], cancellation) ?? throw new CommandException(ExitCode.NotFound, $"There is no item '{path}' in this point.");
        ItemVersion? place = null;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(n => n.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)))
        {
            var found = await InAsync(point, place, cancellation).Where(i => i.Name == name).Take(2).ToListAsync(cancellation);
            place = found switch
            {
                [var one] => one,
                [] => throw new CommandException(ExitCode.NotFound, $"There is no '{name}' in '{place?.Name ?? "the top"}' of this point."),
                _ => throw new CommandException(ExitCode.NotFound, $"Several items in '{place?.Name ?? "the top"}' are called '{name}'; take id: and the id that 'vault ls' shows."),
            };
        }
        return place ?? throw new CommandException(ExitCode.Usage, $"'{path}' names nothing.");
    }
}
