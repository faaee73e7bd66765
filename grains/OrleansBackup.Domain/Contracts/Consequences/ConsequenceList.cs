using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.Domain.Contracts.Consequences;

/// <summary>The list of points that an act makes unrecoverable, as it is shown, hashed and kept.</summary>
/// <param name="Points">By resource and sequence.</param>
/// <param name="Stopped">Resources of which no new points are made from the act on.</param>
public sealed record ConsequenceList(ImmutableArray<LostPoint> Points, ImmutableArray<string> Stopped)
{
    private const string Header = "resource,point,day,items,gone on,otherwise";

    public int Resources => Points.Select(point => point.Resource).Concat(Stopped).Distinct(StringComparer.Ordinal).Count();

    public DateOnly? FirstLoss => Points.IsEmpty ? null : Points.Min(point => point.On);

    public DateOnly? LastLoss => Points.IsEmpty ? null : Points.Max(point => point.On);

    public static ConsequenceList Of(IEnumerable<LostPoint> points, IEnumerable<string> stopped) => new(
        [.. points.OrderBy(point => point.Resource, StringComparer.Ordinal).ThenBy(point => point.Sequence)], [.. stopped.Order(StringComparer.Ordinal)]);

    /// <summary>One line for each point, and one for each resource that gets no new ones; always the same text for the same list.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var one in Points)
            text.Append(CultureInfo.InvariantCulture, $"{one.Resource},{one.Sequence},{one.Day:yyyy-MM-dd},{one.Items},{one.On:yyyy-MM-dd},{one.Otherwise:yyyy-MM-dd}\n");
        foreach (var one in Stopped)
            text.Append(one).Append(",no new points,,,,\n");
        return text.ToString();
    }

    /// <summary>SHA-256 of <see cref="ToCsv"/>, in hex.</summary>
    public static string HashOf(string csv) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(csv)));

    /// <summary>Whether somebody who has seen a list knows of everything that goes now: the same points, none earlier, and others only if they are newer than those that he saw go.</summary>
    /// <remarks>A newer one takes the place of the newest that stayed; where nothing was listed, as under a hold, only what was made after that day is new.</remarks>
    /// <param name="seen">The list's text.</param>
    /// <param name="seenOn">The day of that list.</param>
    public bool IsCoveredBy(string seen, DateOnly seenOn)
    {
        var (points, newest, stopped) = (new Dictionary<(string, long), DateOnly>(), new Dictionary<string, long>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var fields in seen.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')))
            if (fields[4].Length == 0)
                stopped.Add(fields[0]);
            else
            {
                var sequence = long.Parse(fields[1], CultureInfo.InvariantCulture);
                points[(fields[0], sequence)] = DateOnly.ParseExact(fields[4], "yyyy-MM-dd", CultureInfo.InvariantCulture);
                newest[fields[0]] = Math.Max(sequence, newest.GetValueOrDefault(fields[0]));
            }
        return Stopped.All(stopped.Contains) && Points.All(one => points.TryGetValue((one.Resource, one.Sequence), out var on) ? one.On >= on
            : one.Day > seenOn || newest.TryGetValue(one.Resource, out var last) && one.Sequence > last);
    }
}
