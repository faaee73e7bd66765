using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Mailboxes.Items;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>Finds or makes the calendar, contact folder or task list in the target that stands for one of the point.</summary>
/// <remarks>
/// In the original mailbox it is the one with the same id; one that was deleted is made again. In another mailbox the default one is the default one, whatever it is
/// called. Beside: contact folders get the whole path; calendars and lists are flat, so the chosen names stand before theirs.
/// </remarks>
internal sealed class TargetContainers(ItemPartKind kind, RestoreSource source, ImmutableArray<ItemContainer> now, IItemTarget target)
{
    private readonly ImmutableArray<string> _under = source.Request.TargetFolder;
    private readonly bool _sameMailbox = source.Target == source.Request.Point.Resource;
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Loss> _losses = new(StringComparer.Ordinal);

    /// <summary>True when items go back to the places they came from.</summary>
    public bool InPlace => _sameMailbox && _under.IsEmpty;

    /// <summary>What the place of an item lost; null: nothing.</summary>
    public Loss? LossOf(string? folderId) => folderId is null ? null : _losses.GetValueOrDefault(folderId);

    public bool IsThere(string containerId) => now.Any(container => container.Id == containerId && !container.IsGroup) || _targets.ContainsValue(containerId);

    /// <summary>Microsoft's id of the target for a container of the point; one caller at a time.</summary>
    public async Task<string> ResolveAsync(string? folderId, CancellationToken cancellation)
    {
        if (folderId is null || source.Folders.Find(folderId) is not { } folder)
            return now.FirstOrDefault(container => container.WellKnownName is not null && !container.IsGroup)?.Id
                ?? (await target.EnsureContainerAsync(null, "", isGroup: false, default, cancellation)).Id;
        if (_targets.TryGetValue(folder.Id, out var known))
            return known;
        return _targets[folder.Id] = Existing(folder) ?? await MakeAsync(folder, cancellation);
    }

    private string? Existing(FolderItem folder)
    {
        if (!_under.IsEmpty)
            return null;
        var isGroup = IsGroup(folder);
        var id = ItemIds.GraphIdOf(folder.Id);
        if (_sameMailbox && now.Any(container => container.Id == id))
            return id;
        return folder.WellKnownName is null ? null : now.FirstOrDefault(container => container.IsGroup == isGroup && container.WellKnownName == folder.WellKnownName)?.Id;
    }

    private async Task<string> MakeAsync(FolderItem folder, CancellationToken cancellation)
    {
        var isFlat = kind.Part != ItemIds.Contacts;
        var name = isFlat && !_under.IsEmpty ? string.Join(" / ", _under.Append(folder.Name)) : folder.Name;
        var made = await target.EnsureContainerAsync(await ParentAsync(folder, isFlat, cancellation), name, IsGroup(folder), await JsonAsync(folder, cancellation), cancellation);
        if (_targets.Any(other => other.Value == made.Id && other.Key != folder.Id))
            _losses[folder.Id] = new Loss(LossKinds.FoldersMerged, $"Microsoft 365 does not make two of the name '{name}' in one place; its items are in the other one.", folder.Name);
        else if (made.Name != name)
            _losses[folder.Id] = new Loss(ItemLossKind.Container, $"Microsoft 365 does not take the name '{name}' here; it is '{made.Name}'.", folder.Name);
        return made.Id;
    }

    private async Task<string?> ParentAsync(FolderItem folder, bool isFlat, CancellationToken cancellation)
    {
        if (folder.ParentId is { } parent && source.Folders.Find(parent) is { } above && parent != folder.Id)
            return isFlat && !_under.IsEmpty ? null : await ResolveAsync(above.Id, cancellation);
        if (isFlat)
            return null;
        string? top = null;
        foreach (var name in _under)
            top = (await target.EnsureContainerAsync(top, name, isGroup: false, default, cancellation)).Id;
        return top;
    }

    private async Task<ReadOnlyMemory<byte>> JsonAsync(FolderItem folder, CancellationToken cancellation)
    {
        if (await source.Point.FindAsync(folder.Id, cancellation) is not { } item || !item.Contents.TryGetValue(ContentRoles.Json, out var json))
            return default;
        await using var stream = await source.Point.OpenContentAsync(json, cancellation);
        using var buffer = new MemoryStream((int)json.Length);
        await stream.CopyToAsync(buffer, cancellation);
        return buffer.ToArray();
    }

    private bool IsGroup(FolderItem folder) => folder.Kind == kind.Group && kind.Group != kind.Container;
}
