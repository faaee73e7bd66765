using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Sites;

/// <summary>Where the items of a list of the point go: its own list, one of its name, a new one, or one beside it.</summary>
/// <param name="suffix">Put behind the names of lists, which then are beside what is there; empty: the original places.</param>
/// <param name="into">A list that takes everything; null: each its own.</param>
internal sealed class TargetLists(PointReader point, SiteReader reader, SiteWriter writer, bool sameSite, string suffix, string? into)
{
    private const int MostNames = 20;
    private readonly Dictionary<string, TargetList> _targets = new(StringComparer.Ordinal);
    private ImmutableArray<SiteList>? _now;

    /// <summary>Items go back to the places they came from.</summary>
    public bool InPlace => sameSite && suffix.Length == 0 && into is null;

    public bool SameSite => sameSite;

    /// <exception cref="GraphRefusedException">The list could not be made.</exception>
    public async Task<TargetList> ResolveAsync(string listItemId, CancellationToken cancellation)
    {
        if (_targets.TryGetValue(listItemId, out var known))
            return known;
        var list = await point.FindAsync(listItemId, cancellation) ?? throw new GraphRefusedException("The list of the item is not in the restore point.", "NoList", requestId: null, status: 404);
        var composer = new ListComposer(await ItemOutcomes.ReadJsonAsync(point, list, cancellation));
        _now ??= [.. (await reader.ReadListsAsync(cancellation)).Where(candidate => candidate.HoldsItems)];
        return _targets[listItemId] = Existing(list, composer) ?? await MakeAsync(composer, cancellation);
    }

    private TargetList? Existing(ItemVersion list, ListComposer composer)
    {
        if (into is not null)
            return new TargetList(_now!.Value.FirstOrDefault(candidate => candidate.Id == into)?.Id
                ?? throw new GraphRefusedException("The chosen list is not in the target site.", "NoList", requestId: null, status: 404), composer, [], IsNew: false);
        var graphId = ItemIds.GraphIdOf(list.Id);
        var found = (InPlace ? _now!.Value.FirstOrDefault(candidate => candidate.Id == graphId) : null)
            ?? _now!.Value.FirstOrDefault(candidate => candidate.Name.Equals(NameOf(composer), StringComparison.OrdinalIgnoreCase));
        return found is null ? null : new TargetList(found.Id, composer, [], IsNew: false);
    }

    private string NameOf(ListComposer composer) => suffix.Length == 0 ? composer.Name : $"{composer.Name} {suffix}";

    private async Task<TargetList> MakeAsync(ListComposer composer, CancellationToken cancellation)
    {
        var wanted = NameOf(composer);
        for (var number = 1; ; number++)
        {
            var name = number == 1 ? wanted : $"{wanted} {number}";
            try
            {
                var (made, losses) = await writer.CreateListAsync(composer, name, cancellation);
                if (name != wanted)
                    losses = losses.Add(new Loss(SiteLossKind.ListName, $"Something else is called '{wanted}' in the site; the list is '{name}'.", wanted));
                return new TargetList(made.Id, composer, losses, IsNew: true);
            }
            catch (GraphRefusedException e) when (e.Status == 409 && number < MostNames)
            {
                // A library or a list that nobody sees has the name.
            }
        }
    }
}

/// <summary>A list that items go to.</summary>
/// <param name="Losses">What of the list itself could not be made as it was.</param>
internal sealed record TargetList(string Id, ListComposer Composer, ImmutableArray<Loss> Losses, bool IsNew)
{
    private Dictionary<UInt128, Queue<string>>? _equals;

    /// <summary>An item of the target that says the same; each is found once.</summary>
    /// <param name="isOther">Whether an item of the target is one that may be taken for a copy.</param>
    public async Task<string?> TakeEqualAsync(JsonObject fields, SiteReader reader, Func<string, ValueTask<bool>> isOther, CancellationToken cancellation)
    {
        if (IsNew)
            return null;
        if (_equals is null)
        {
            _equals = [];
            await foreach (var page in reader.ReadItemsAsync(Id, link: null, cancellation))
            {
                foreach (var entry in page.Entries.Where(entry => !entry.IsDeleted && entry.Problem is null))
                {
                    if (!await isOther(entry.Id))
                        continue;
                    var print = Print(Composer.Item(entry.Json, sameSite: true).Fields);
                    if (!_equals.TryGetValue(print, out var ids))
                        _equals.Add(print, ids = new Queue<string>());
                    ids.Enqueue(entry.Id);
                }
            }
        }
        return _equals.TryGetValue(Print(fields), out var equal) && equal.TryDequeue(out var id) ? id : null;
    }

    private static UInt128 Print(JsonObject fields) =>
        IdHash.Of(string.Join('\n', fields.Where(field => !field.Key.Contains('@', StringComparison.Ordinal)).OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value?.ToJsonString()}")));
}
