using System.ComponentModel.DataAnnotations;
using OrleansBackup.Domain.Keeping;

namespace OrleansBackup.Grains.Keeping;

/// <summary>How long the provider keeps his own documents. Configuration section <c>Keeping</c>.</summary>
public sealed record KeepingOptions
{
    public const string Section = "Keeping";

    /// <summary>Whole years after the end of the book year. Default seven, and not fewer: <see cref="KeepingRule"/>.</summary>
    [Range(KeepingRule.LegalYears, 100)]
    public int Years { get; init; } = KeepingRule.LegalYears;

    /// <summary>The last month of the book year. Default 12.</summary>
    [Range(1, 12)]
    public int YearEndsIn { get; init; } = 12;

    /// <summary>So many documents are deleted under one piece of evidence, at most; an invoice goes with all that belongs to it. Default 500.</summary>
    [Range(1, 10_000)]
    public int DocumentsAtOnce { get; init; } = 500;

    internal KeepingRule Rule => new(Years, YearEndsIn);
}
