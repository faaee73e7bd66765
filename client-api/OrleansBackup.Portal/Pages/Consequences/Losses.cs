using System.Collections.Immutable;
using System.Globalization;

namespace OrleansBackup.Portal.Pages.Consequences;

/// <summary>Restore points that an act makes unrecoverable, day by day: what a person has to have seen before he says yes.</summary>
/// <param name="Points">All of them, in the order in which they go.</param>
/// <param name="Stopped">Names of resources that get no new points.</param>
public sealed record Losses(ImmutableArray<Loss> Points, ImmutableArray<string> Stopped)
{
    public static Losses None { get; } = new([], []);

    public bool IsNothing => Points.IsEmpty && Stopped.IsEmpty;

    public int Resources => Points.Select(point => point.Resource).Distinct(StringComparer.Ordinal).Count();

    public ImmutableArray<LossDay> Days =>
    [
        .. Points.GroupBy(point => point.On).OrderBy(day => day.Key).Select(day => new LossDay(
            day.Key, day.Count(), day.Select(point => point.Resource).Distinct(StringComparer.Ordinal).Count(), day.Min(point => point.Day), day.Max(point => point.Day))),
    ];

    /// <summary>Reads the list that the service made, of which each line is a point or a resource that gets no new ones.</summary>
    public static Losses OfList(string csv)
    {
        var (points, stopped) = (new List<Loss>(), new List<string>());
        foreach (var fields in csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).Where(fields => fields.Length > 4))
            if (fields[4].Length == 0)
                stopped.Add(fields[0]);
            else
                points.Add(new Loss(fields[0], long.Parse(fields[1], CultureInfo.InvariantCulture), Day(fields[2]), long.Parse(fields[3], CultureInfo.InvariantCulture), Day(fields[4])));
        return new Losses([.. points.OrderBy(point => point.On).ThenBy(point => point.Resource, StringComparer.Ordinal).ThenBy(point => point.Sequence)], [.. stopped]);
    }

    /// <summary>With the names that people know.</summary>
    public Losses Named(IReadOnlyDictionary<string, string> names) => new(
        [.. Points.Select(point => point with { Resource = names.GetValueOrDefault(point.Resource, point.Resource) })], [.. Stopped.Select(one => names.GetValueOrDefault(one, one))]);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>One restore point that goes.</summary>
/// <param name="Day">Of the point.</param>
/// <param name="On">From this day on nobody can bring anything back from it.</param>
public sealed record Loss(string Resource, long Sequence, DateOnly Day, long Items, DateOnly On);

/// <summary>What goes on one day.</summary>
/// <param name="Oldest">The day of the oldest point among them; <paramref name="Newest"/>, of the newest.</param>
public sealed record LossDay(DateOnly On, int Points, int Resources, DateOnly Oldest, DateOnly Newest);
