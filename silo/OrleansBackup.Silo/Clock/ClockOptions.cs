using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Silo.Clock;

/// <summary>Which time the server lives in. Configuration section <c>Clock</c>; for demonstrations and tests, never for customers' data.</summary>
public sealed record ClockOptions : IValidatableObject
{
    public const string Section = "Clock";

    /// <summary>True: the clock can be put forward at <c>/operations/clock</c>. Default false: the machine's clock.</summary>
    public bool Adjustable { get; init; }

    /// <summary>Where an adjustable clock starts, unless it has come further already in this data folder. Default: now.</summary>
    public DateTimeOffset? Start { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Start is not null && !Adjustable)
            yield return new ValidationResult($"{Section}:Start only works with {Section}:Adjustable=true.");
        if (Start is { Year: < 2000 or > 2500 })
            yield return new ValidationResult($"{Section}:Start must lie between the years 2000 and 2500.");
    }
}
