using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Grains.Restores;

/// <summary>Finds or makes the folder in the target mailbox that stands for a folder of the point.</summary>
/// <remarks>
/// In the original mailbox a folder is the one with the same id, wherever it is now; a deleted one is made again in its old place. In another
/// mailbox the inbox is the inbox, whatever it is called there. Under a chosen folder the whole path of names is made.
/// </remarks>
internal sealed class TargetFolders
{
    private const string Root = "msgfolderroot";

    private readonly FolderTree _atPoint;
    private readonly ImmutableArray<string> _under;
    private readonly bool _sameMailbox;
    private readonly MailboxWriter _writer;
    private readonly FolderTree _now;
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Loss> _losses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deleted;
    private string? _top;

    public TargetFolders(FolderTree atPoint, FolderTree now, ImmutableArray<string> under, bool sameMailbox, MailboxWriter writer)
    {
        (_atPoint, _now, _under, _sameMailbox, _writer) = (atPoint, now, under, sameMailbox, writer);
        _deleted = now.All.Where(folder => folder.WellKnownName == "deleteditems")
            .SelectMany(folder => now.Subtree(folder.Id)).Select(folder => folder.Id).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>True when items go back to the places they came from.</summary>
    public bool InPlace => _sameMailbox && _under.IsEmpty;

    /// <summary>True when a message in this folder counts as being there: not deleted, nor in a part of the mailbox that users do not see.</summary>
    public bool IsLive(string? folderId) => folderId is not null && _now.Find(folderId) is not null && !_deleted.Contains(folderId);

    /// <summary>The target for a folder of the point; one caller at a time.</summary>
    public async Task<string> ResolveAsync(string? folderId, CancellationToken cancellation)
    {
        if (folderId is null || _atPoint.Find(folderId) is not { } folder)
            return await TopAsync(cancellation); // its folder was not in the point: better at the top than lost
        if (_targets.TryGetValue(folder.Id, out var known))
            return known;
        return _targets[folder.Id] = Existing(folder) ?? await MakeAsync(folder, cancellation);
    }

    /// <summary>What the place of an item lost, or null: its folder or one above could not be made under its own name.</summary>
    public Loss? LossOf(string folderId)
    {
        var visited = new HashSet<string>(StringComparer.Ordinal); // two moves seen half-way can make a ring
        for (string? id = folderId; id is not null && visited.Add(id); id = _atPoint.Find(id)?.ParentId)
        {
            if (_losses.TryGetValue(id, out var lost))
                return lost;
        }
        return null;
    }

    private async Task<string> MakeAsync(FolderItem folder, CancellationToken cancellation)
    {
        var made = await _writer.EnsureFolderAsync(await ResolveParentAsync(folder, cancellation), folder.Name, folder.Hidden, cancellation);
        if (_targets.ContainsValue(made.Id))
            _losses[folder.Id] = new(LossKinds.FoldersMerged, $"Microsoft 365 does not make two folders named '{folder.Name}' in one place; its items are in the other one.", folder.Name);
        else if (made.DisplayName != folder.Name)
            _losses[folder.Id] = new(LossKinds.FolderName, $"Microsoft 365 does not take the folder's name '{folder.Name}' here; it is '{made.DisplayName}'.", folder.Name);
        return made.Id;
    }

    private string? Existing(FolderItem folder)
    {
        if (!_under.IsEmpty)
            return null;
        if (_sameMailbox && _now.Find(folder.Id) is not null && (!_deleted.Contains(folder.Id) || IsBelowDeleted(folder)))
            return folder.Id;
        return folder.WellKnownName is null ? null : _now.All.FirstOrDefault(other => other.WellKnownName == folder.WellKnownName)?.Id;
    }

    // It lay among the deleted items when the point was taken, so that is where it belongs.
    private bool IsBelowDeleted(FolderItem folder) =>
        _atPoint.All.Where(other => other.WellKnownName == "deleteditems").Any(top => _atPoint.Subtree(top.Id).Any(below => below.Id == folder.Id));

    private Task<string> ResolveParentAsync(FolderItem folder, CancellationToken cancellation) =>
        folder.ParentId is { } parent && _atPoint.Find(parent) is not null && parent != folder.Id
            ? ResolveAsync(parent, cancellation)
            : TopAsync(cancellation);

    private async Task<string> TopAsync(CancellationToken cancellation)
    {
        if (_top is not null)
            return _top;
        var top = Root;
        foreach (var name in _under)
            top = (await _writer.EnsureFolderAsync(top, name, hidden: false, cancellation)).Id;
        return _top = top;
    }

    public static void Validate(ImmutableArray<string> under)
    {
        if (under.Any(name => string.IsNullOrWhiteSpace(name) || name.Length > 255))
            throw new InvalidRequestException("target.folder", "Each name of the target folder needs 1 to 255 characters.");
    }
}
