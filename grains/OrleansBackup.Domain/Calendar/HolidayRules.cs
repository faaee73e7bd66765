using Orleans;

namespace OrleansBackup.Domain.Calendar;

/// <summary>In which years Liberation Day (5 May) is a day off.</summary>
public enum LiberationDay
{
    /// <summary>Once in five years: 2025, 2030…</summary>
    Lustrum = 1,

    /// <summary>Every year.</summary>
    Always = 2,

    /// <summary>Never.</summary>
    Never = 3,
}

/// <summary>Where Dutch employers differ about what is a day off. The defaults take the fewest, so that a term counted in working days is never longer than the customer may expect.</summary>
/// <param name="GoodFriday">No public holiday by law, though many offices are closed.</param>
[GenerateSerializer, Immutable, Alias("holiday-rules")]
public sealed record HolidayRules([property: Id(0)] bool GoodFriday, [property: Id(1)] LiberationDay LiberationDay)
{
    public static HolidayRules Default { get; } = new(GoodFriday: false, LiberationDay.Lustrum);
}
