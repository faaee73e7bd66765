using System.Globalization;
using System.Text.Json;

namespace OrleansBackup.CommandLine.Output;

/// <summary>Sizes, times and amounts as people read them. JSON output never goes through here.</summary>
internal static class Units
{
    private static readonly string[] Sizes = ["B", "KB", "MB", "GB", "TB", "PB"];

    /// <summary>Decimal units, as Microsoft 365 and stores count.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1000 && unit < Sizes.Length - 1; unit++)
            value /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || value >= 100 ? value.ToString("F0", CultureInfo.InvariantCulture) : value.ToString("F1", CultureInfo.InvariantCulture))} {Sizes[unit]}");
    }

    /// <summary>In the reader's zone, and which that is.</summary>
    public static string Time(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);

    /// <summary>An amount as the API writes it: a number, or an object of amount and currency.</summary>
    public static string Money(JsonElement money) => money.ValueKind == JsonValueKind.Object
        ? string.Join(' ', money.EnumerateObject().Select(part => part.Value.Text()))
        : money.Text();
}
