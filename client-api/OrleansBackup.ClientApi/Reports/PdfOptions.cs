using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.ClientApi.Reports;

/// <summary>The program that prints reports as PDF. Configuration section <c>Reports:Pdf</c>.</summary>
public sealed record PdfOptions
{
    public const string Section = "Reports:Pdf";

    /// <summary>Its path: Chromium or WeasyPrint. Default: the first of both that the search path has; without one there are no PDF documents, and whoever asks is told so.</summary>
    public string? Program { get; init; }

    /// <summary>Chromium without its sandbox: only where the system gives it none, as in a container that runs as root. The page has no scripts and loads nothing.</summary>
    public bool WithoutSandbox { get; init; }

    /// <summary>A document that takes longer is given up. Default: a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>So many are printed at once; further ones wait.</summary>
    [Range(1, 16)]
    public int AtOnce { get; init; } = 1;

    /// <summary>So many wait at most; further ones are refused.</summary>
    [Range(0, 1_000)]
    public int MostWaiting { get; init; } = 20;
}
