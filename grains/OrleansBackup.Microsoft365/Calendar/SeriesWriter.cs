using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Calendar;

/// <summary>Makes the occurrences of a series that was just created differ, or be cancelled, as those of the original.</summary>
/// <param name="original">The series as Graph gave it, with its exceptions and cancelled days.</param>
/// <param name="seriesId">The new series.</param>
internal sealed class SeriesWriter(ItemRequests requests, JsonElement original, string seriesId)
{
    private readonly EventTimes _times = new(original);
    private readonly Dictionary<string, string> _newIds = new(StringComparer.Ordinal);
    private Dictionary<DateOnly, string> _byDay = [];

    /// <summary>Cancelled days that the new series does not have.</summary>
    public ImmutableArray<Loss> NotCancelled { get; private set; } = [];

    /// <summary>The occurrence that stands for one of the original; null: there is none.</summary>
    public string? NewIdOf(string occurrence) => _newIds.GetValueOrDefault(occurrence);

    public async Task<ImmutableArray<Loss>> WriteAsync(CancellationToken cancellation)
    {
        var exceptions = Exceptions();
        var days = exceptions.Select(exception => exception.Day).OfType<DateOnly>().Concat(Cancelled()).ToList();
        if (days.Count == 0 && exceptions.Count == 0) return [];
        if (days.Count > 0) _byDay = await InstancesAsync(days.Min(), days.Max(), cancellation);
        var losses = ImmutableArray.CreateBuilder<Loss>();
        foreach (var (exception, day) in exceptions)
        {
            if (day is not { } on || !_byDay.TryGetValue(on, out var instance))
            {
                losses.Add(new Loss(ItemLossKind.Occurrence, "An occurrence that differed from its series was not found again.", day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
                continue;
            }

            if (TolerantJson.GetText(exception, "id") is { } id) _newIds[id] = instance;
            if (EventComposer.ComposeOccurrence(original, exception) is not { } json) continue;
            try
            {
                await requests.Client.SendAsync(requests.WriteJson(HttpMethod.Patch, $"events/{ItemRequests.Segment(instance)}", RequestSubject.Item, json, isRepeatable: true), cancellation);
            }
            catch (GraphException e) when (e is GraphRefusedException or ItemUnreadableException or ItemGoneException)
            {
                losses.Add(new Loss(ItemLossKind.Occurrence, $"The service refused to change an occurrence ({e.Code}).", on.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
            }
        }

        return losses.ToImmutable();
    }

    /// <summary>After everything else: an occurrence that is gone cannot be changed. The new series has no attendees, so nobody is told.</summary>
    public async Task CancelAsync(CancellationToken cancellation)
    {
        foreach (var day in Cancelled())
        {
            if (!_byDay.TryGetValue(day, out var instance))
            {
                NotCancelled = NotCancelled.Add(new Loss(ItemLossKind.Occurrence, "A cancelled occurrence was not found again.", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
                continue;
            }

            try
            {
                await requests.Client.SendAsync(requests.Write(HttpMethod.Delete, requests.Path($"events/{ItemRequests.Segment(instance)}"), RequestSubject.Item), cancellation);
            }
            catch (ItemGoneException)
            {
                // What was wanted.
            }
        }
    }

    private List<(JsonElement Exception, DateOnly? Day)> Exceptions() =>
        original.TryGetProperty("exceptionOccurrences", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(exception => (exception, DayOf(_times.Local(TolerantJson.GetText(exception, "originalStart")))))]
            : [];

    // OID.{id}.{day}: the id may hold dots, so the day is behind the last one.
    private List<DateOnly> Cancelled() => original.TryGetProperty("cancelledOccurrences", out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(TolerantJson.GetText).OfType<string>()
            .Select(text => DateOnly.TryParseExact(text[(text.LastIndexOf('.') + 1)..], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null).OfType<DateOnly>()]
        : [];

    private async Task<Dictionary<DateOnly, string>> InstancesAsync(DateOnly first, DateOnly last, CancellationToken cancellation)
    {
        var (from, to) = (first.AddDays(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), last.AddDays(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        var path = $"events/{ItemRequests.Segment(seriesId)}/instances?startDateTime={from}T00:00:00Z&endDateTime={to}T00:00:00Z&$select=id,start,originalStart,type";
        var found = new Dictionary<DateOnly, string>();
        await foreach (var page in ListWalk.PagesAsync(requests.Client, requests.Read(requests.Address(path), RequestSubject.Item, pageSize: 500), cancellation))
        {
            foreach (var item in page.Items)
            {
                using var document = JsonBody.Parse(item);
                if (TolerantJson.GetText(document.RootElement, "id") is { } id && DayOf(_times.Local(document.RootElement, "start")) is { } day) found.TryAdd(day, id);
            }
        }

        return found;
    }

    private static DateOnly? DayOf(DateTime? time) => time is { } at ? DateOnly.FromDateTime(at) : null;
}
