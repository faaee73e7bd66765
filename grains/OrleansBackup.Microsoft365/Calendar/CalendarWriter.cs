using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Calendar;

/// <summary>Puts calendars and events back into one mailbox, and says what the service did not allow. Nobody is ever invited, updated or told of a cancellation.</summary>
public sealed partial class CalendarWriter : IItemTarget
{
    private readonly ItemRequests _requests;
    private readonly MailWriteOptions _options;
    private readonly ItemFinder _finder;

    /// <param name="userId">Object id of the mailbox's user.</param>
    public CalendarWriter(GraphClient client, string userId, MailWriteOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        (_requests, _options) = (new ItemRequests(client, userId, GraphPermissions.ReadCalendars, GraphPermissions.WriteCalendars), options);
        _finder = new ItemFinder(_requests, new ItemWays
        {
            Item = (id, _) => $"events/{ItemRequests.Segment(id)}?$select=id&$expand=calendar($select=id)",
            ContainerOf = item => item.TryGetProperty("calendar", out var calendar) ? TolerantJson.GetText(calendar, "id") : null,
            Collection = Collection, Containers = ReadContainersAsync,
        }, options.LookUpsBeforeListing);
    }

    public Task<ImmutableArray<ItemContainer>> ReadContainersAsync(CancellationToken cancellation) => CalendarReader.ReadCalendarsAsync(_requests, cancellation);

    public async Task<ItemContainer> EnsureContainerAsync(string? parentId, string name, bool isGroup, ReadOnlyMemory<byte> json, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(name);
        name = name.Trim() is { Length: > 0 } given ? given : isGroup ? "Restored calendars" : "Restored calendar";
        var path = isGroup ? "calendarGroups" : parentId is null ? "calendars" : $"calendarGroups/{ItemRequests.Segment(parentId)}/calendars";
        for (var attempt = 0; ; attempt++)
        {
            if ((await ReadContainersAsync(cancellation)).FirstOrDefault(container => container.IsGroup == isGroup && (isGroup || parentId is null || container.ParentId == parentId)
                && container.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } there) return there;
            try
            {
                var answer = await _requests.Client.SendAsync(_requests.WriteJson(HttpMethod.Post, path, RequestSubject.Mailbox, ComposeContainer(name, isGroup, json), isRepeatable: false), cancellation);
                return ItemContainer.Read(answer.Json, "name", _ => false, isGroup ? null : parentId, isGroup)
                    ?? throw new GraphTransientException($"Mailbox '{_requests.UserId}': a calendar was made and has no id.", "NoId", requestId: null, status: null);
            }
            catch (GraphException e) when (attempt == 0 && e is GraphTransientException or GraphRefusedException { Status: 409 })
            {
                // Made by somebody else, or by this very request whose answer was lost: look again.
            }
        }
    }

    public Task<IReadOnlyDictionary<string, ExistingItem>> FindByIdAsync(IReadOnlyList<(string Id, string ContainerId)> items, CancellationToken cancellation) => _finder.ByIdAsync(items, cancellation);

    public async Task RemoveUnfinishedAsync(string containerId, StoredItem item, ItemMarker marker, IReadOnlySet<string> except, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(marker);
        // What we made has no attendees, so its deletion tells nobody; if somebody invited people to it meanwhile it is theirs and stays.
        foreach (var left in await _finder.ByPropertyAsync(containerId, ExtendedProperties.RestoreMarker, marker.Text, except, cancellation)) await TryDeleteAsync(left, cancellation);
    }

    public async Task<ExistingItem?> FindRestoredAsync(string containerId, StoredItem item, IReadOnlySet<string> except, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        return (await _finder.ByPropertyAsync(containerId, ExtendedProperties.RestoredFrom, item.Origin, except, cancellation)).FirstOrDefault();
    }

    public async Task<RestoredItem> CreateAsync(string containerId, StoredItem item, ItemMarker marker, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        using var document = JsonBody.Parse(item.Json);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await CreateOnceAsync(containerId, document.RootElement, item, marker, cancellation);
            }
            catch (GraphTransientException) when (attempt < _options.MaxCreateAttempts)
            {
                await Task.Delay(_requests.Client.Options.FirstBackoff * attempt, _requests.Client.Time, cancellation);
                foreach (var left in await _finder.AskAsync(containerId, ExtendedProperties.RestoreMarker, marker.Text, ImmutableHashSet<string>.Empty, cancellation)) await TryDeleteAsync(left, cancellation);
            }
        }
    }

    public async Task PurgeContainerAsync(string containerId, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(containerId);
        try
        {
            await _requests.Client.SendAsync(_requests.Write(HttpMethod.Post, _requests.Path($"calendars/{ItemRequests.Segment(containerId)}/permanentDelete"), RequestSubject.Folder), cancellation);
        }
        catch (Exception e) when (e is FolderGoneException or ItemGoneException)
        {
            // What was wanted.
        }
    }

    /// <remarks>The service writes to the attendees of whatever is deleted or changed by its organiser, so what has any is left alone.</remarks>
    public async Task<bool> TryDeleteAsync(ExistingItem item, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        var path = $"events/{ItemRequests.Segment(item.Id)}";
        try
        {
            var answer = await _requests.Client.SendAsync(_requests.Read(_requests.Address(path + "?$select=attendees,type&$expand=exceptionOccurrences"), RequestSubject.Item), cancellation);
            using var document = JsonBody.Parse(answer.Json);
            if (HasAttendees(document.RootElement)) return false;
            await _requests.Client.SendAsync(_requests.Write(HttpMethod.Delete, _requests.Path(path), RequestSubject.Item), cancellation);
            _finder.Forget(item.Id);
            return true;
        }
        catch (ItemGoneException)
        {
            _finder.Forget(item.Id);
            return true; // what was wanted
        }
        catch (ItemUnreadableException)
        {
            return false; // who would be told is not known
        }
    }

    private async Task<RestoredItem> CreateOnceAsync(string containerId, JsonElement root, StoredItem item, ItemMarker marker, CancellationToken cancellation)
    {
        var (id, losses) = await PostAsync(containerId, root, item.Origin, marker.Text, cancellation);
        var occurrences = new SeriesWriter(_requests, root, id);
        losses = losses.AddRange(await occurrences.WriteAsync(cancellation));
        var attachments = new AttachmentWriter(_requests.Client, _requests.Attachments("events/", ofTasks: false), _options);
        foreach (var (attachment, occurrence) in item.Attachments)
        {
            var owner = occurrence is null ? id : occurrences.NewIdOf(occurrence);
            losses = owner is null
                ? losses.Add(new Loss(LossKind.Attachment, "An attachment of a changed occurrence could not be put back.", Count: 1))
                : losses.AddRange(await attachments.AddAsync(owner, attachment, cancellation));
        }

        await occurrences.CancelAsync(cancellation);
        return new RestoredItem(id, losses.AddRange(occurrences.NotCancelled));
    }

    private async Task<(string Id, ImmutableArray<Loss> Losses)> PostAsync(string containerId, JsonElement root, string origin, string marker, CancellationToken cancellation)
    {
        for (var withLocations = true; ; withLocations = false)
        {
            var (json, losses) = EventComposer.Compose(root, marker, origin, withLocations);
            try
            {
                var answer = await _requests.Client.SendAsync(_requests.WriteJson(HttpMethod.Post, Collection(containerId), RequestSubject.Folder, json, isRepeatable: false), cancellation);
                using var made = JsonBody.Parse(answer.Json);
                return (TolerantJson.GetText(made.RootElement, "id") ?? throw new GraphTransientException($"Mailbox '{_requests.UserId}': an event was made and has no id.", "NoId", requestId: null, status: null), losses);
            }
            catch (GraphException e) when (withLocations && e is GraphRefusedException { Status: 400 or 422 } or ItemUnreadableException)
            {
                // The service names no property; places made by other programs are the usual suspects.
            }
        }
    }

    private static bool HasAttendees(JsonElement item)
    {
        if (item.TryGetProperty("attendees", out var attendees) && attendees.ValueKind == JsonValueKind.Array && attendees.GetArrayLength() > 0) return true;
        return item.TryGetProperty("exceptionOccurrences", out var exceptions) && exceptions.ValueKind == JsonValueKind.Array && exceptions.EnumerateArray().Any(HasAttendees);
    }

    private static byte[] ComposeContainer(string name, bool isGroup, ReadOnlyMemory<byte> original) => JsonBody.Write(json =>
    {
        json.WriteString("name", name);
        if (isGroup || original.IsEmpty) return;
        using var document = JsonBody.Parse(original);
        JsonBody.Copy(json, document.RootElement, "color");
    });

    private static string Collection(string containerId) => $"calendars/{ItemRequests.Segment(containerId)}/events";
}
