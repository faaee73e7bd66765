using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Calendar;

/// <summary>Reads a mailbox's own calendars: single events and series with their exceptions and cancelled days.</summary>
/// <remarks>
/// By listing and comparing change keys: change tracking of v1.0 sees only a window of the primary calendar, cannot select, and has walked in
/// circles for whole vendors. A known calendar costs one request per 500 events a day. Calendars of others that are shared with the mailbox are
/// left out: they are backed up where they belong.
/// </remarks>
public sealed class CalendarReader : IItemSource
{
    internal const string Slim = "id,changeKey,subject,start,type";

    private const string Whole = "id,createdDateTime,lastModifiedDateTime,changeKey,categories,transactionId,originalStartTimeZone,originalEndTimeZone,iCalUId,reminderMinutesBeforeStart,isReminderOn,"
        + "hasAttachments,subject,bodyPreview,importance,sensitivity,isAllDay,isCancelled,isOrganizer,responseRequested,seriesMasterId,showAs,type,webLink,onlineMeetingUrl,isOnlineMeeting,"
        + "onlineMeetingProvider,allowNewTimeProposals,isDraft,hideAttendees,responseStatus,body,start,end,location,locations,recurrence,attendees,organizer,onlineMeeting,originalStart";

    private readonly ItemRequests _requests;
    private readonly ItemReadOptions _options;
    private readonly MailReadOptions _attachments;

    /// <param name="userId">Object id of the mailbox's user.</param>
    public CalendarReader(GraphClient client, string userId, ItemReadOptions options, MailReadOptions attachments)
    {
        ArgumentNullException.ThrowIfNull(client);
        (_requests, _options, _attachments) = (new ItemRequests(client, userId, GraphPermissions.ReadCalendars, GraphPermissions.WriteCalendars), options, attachments);
    }

    public Task<ImmutableArray<ItemContainer>> ReadContainersAsync(CancellationToken cancellation) => ReadCalendarsAsync(_requests, cancellation);

    internal static async Task<ImmutableArray<ItemContainer>> ReadCalendarsAsync(ItemRequests requests, CancellationToken cancellation)
    {
        var groups = new List<ItemContainer>();
        await foreach (var item in AllAsync(requests, "calendarGroups", cancellation))
        {
            // The service does not mark it; it comes first and cannot be renamed away.
            if (ItemContainer.Read(item, "name", _ => groups.Count == 0, null, isGroup: true) is { } group) groups.Add(group);
        }

        var calendars = new Dictionary<string, ItemContainer>(StringComparer.Ordinal);
        foreach (var (path, parent) in groups.Select(group => ($"calendarGroups/{ItemRequests.Segment(group.Id)}/calendars", (string?)group.Id)).Append(("calendars", null)))
        {
            await foreach (var item in AllAsync(requests, path, cancellation))
            {
                if (ItemContainer.Read(item, "name", IsDefault, parent) is { } calendar) calendars.TryAdd(calendar.Id, calendar);
            }
        }

        var owner = calendars.Values.FirstOrDefault(calendar => calendar.WellKnownName is not null) is { } own ? OwnerOf(own) : null;
        return [.. groups, .. calendars.Values.Where(calendar => owner is null || OwnerOf(calendar) is not { } other || other.Equals(owner, StringComparison.OrdinalIgnoreCase))];
    }

    public async IAsyncEnumerable<ItemPage> ReadItemsAsync(string containerId, string? link, bool isNew, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var path = $"calendars/{ItemRequests.Segment(containerId)}/events?$select={(isNew ? Whole : Slim)}";
        var round = new ItemRound(_requests, containerId, null, delta: null, position => _requests.Address(position == 0 ? path : $"{path}&$skip={position}"),
            isNew ? _options.PageSize : _options.ListingPageSize, (root, json, container) => Parse(root, json, container, isNew));
        while (await round.NextAsync(cancellation) is { } page) yield return page;
    }

    public async Task<FetchedItem> FetchAsync(ListedItem item, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (!item.IsWhole || IsSeries(item.Json)) item = await ReadWholeAsync(item, cancellation);
        using var document = JsonDocument.Parse(item.Json, new JsonDocumentOptions { MaxDepth = 128 });
        var root = document.RootElement;
        var owners = new List<string?>();
        if (HasAttachments(root)) owners.Add(null);
        if (root.TryGetProperty("exceptionOccurrences", out var exceptions) && exceptions.ValueKind == JsonValueKind.Array)
        {
            owners.AddRange(exceptions.EnumerateArray().Where(HasAttachments).Select(exception => TolerantJson.GetText(exception, "id")).OfType<string>());
        }

        var found = ImmutableArray.CreateBuilder<FetchedItemAttachment>();
        var warnings = ImmutableArray.CreateBuilder<string>();
        var fetch = new AttachmentFetch(_requests.Client, _requests.Attachments("events/", ofTasks: false), _attachments);
        foreach (var owner in owners)
        {
            try
            {
                found.AddRange((await fetch.ReadAllAsync(owner ?? item.Id, cancellation)).Select(attachment => new FetchedItemAttachment(attachment, owner)));
            }
            catch (GraphException e) when (e is ItemUnreadableException or GraphRefusedException || (owner is not null && e is ItemGoneException))
            {
                warnings.Add($"The attachments could not be listed ({e.Code}).");
            }
        }

        return new FetchedItem(item, Photo: null, found.ToImmutable(), warnings.ToImmutable())
        {
            LacksParts = warnings.Count > 0 || found.Any(attachment => attachment.Attachment.Failure is not null),
        };
    }

    public async Task<ListedItem?> TryReadAsync(string itemId, string containerId, CancellationToken cancellation)
    {
        try
        {
            var address = _requests.Address($"events/{ItemRequests.Segment(itemId)}?$select={Slim}&$expand=calendar($select=id)");
            var answer = await _requests.Client.SendAsync(_requests.Read(address, RequestSubject.Item), cancellation);
            using var document = JsonDocument.Parse(answer.Json, new JsonDocumentOptions { MaxDepth = 128 });
            var now = document.RootElement.TryGetProperty("calendar", out var calendar) ? TolerantJson.GetText(calendar, "id") : null;
            return Parse(document.RootElement, answer.Json, now ?? containerId, isWhole: false);
        }
        catch (ItemGoneException)
        {
            return null;
        }
    }

    internal static ListedItem? Parse(JsonElement root, ReadOnlyMemory<byte> json, string containerId, bool isWhole) => TolerantJson.GetText(root, "id") is { Length: > 0 } id
        ? new ListedItem(id, containerId, TolerantJson.GetText(root, "changeKey") ?? "", TolerantJson.GetText(root, "subject") ?? "", ItemRound.Time(root, "start"), json) { IsWhole = isWhole }
        : null;

    // Exceptions and cancelled days come only by name, and only for one series at a time.
    private async Task<ListedItem> ReadWholeAsync(ListedItem item, CancellationToken cancellation)
    {
        var path = $"events/{ItemRequests.Segment(item.Id)}?$select={Whole},cancelledOccurrences&$expand=exceptionOccurrences";
        var answer = await _requests.Client.SendAsync(_requests.Read(_requests.Address(path), RequestSubject.Item), cancellation);
        using var document = JsonDocument.Parse(answer.Json, new JsonDocumentOptions { MaxDepth = 128 });
        return Parse(document.RootElement, answer.Json, item.ContainerId, isWhole: true)
            ?? throw new ItemUnreadableException($"Mailbox '{_requests.UserId}': an event came without an id.", "NoId", requestId: null);
    }

    private static bool IsSeries(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        return TolerantJson.GetText(document.RootElement, "type") == "seriesMaster";
    }

    private static bool HasAttachments(JsonElement item) => item.TryGetProperty("hasAttachments", out var has) && has.ValueKind == JsonValueKind.True
        || (item.TryGetProperty("body", out var body) && TolerantJson.GetText(body, "content")?.Contains("cid:", StringComparison.OrdinalIgnoreCase) == true);

    private static bool IsDefault(JsonElement calendar) => calendar.TryGetProperty("isDefaultCalendar", out var flag) && flag.ValueKind == JsonValueKind.True;

    private static string? OwnerOf(ItemContainer calendar)
    {
        using var document = JsonDocument.Parse(calendar.Json);
        return document.RootElement.TryGetProperty("owner", out var owner) ? TolerantJson.GetText(owner, "address") : null;
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> AllAsync(ItemRequests requests, string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in ListWalk.PagesAsync(requests.Client, requests.Read(requests.Address(path), RequestSubject.Mailbox, pageSize: 100), cancellation))
        {
            foreach (var item in page.Items) yield return item;
        }
    }
}
