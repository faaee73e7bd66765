using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.TimeTravel;

/// <summary>How opened restore points are served to ordinary programs. Configuration section <c>TimeTravel</c>.</summary>
public sealed record TimeTravelOptions : IValidatableObject
{
    public const string Section = "TimeTravel";

    /// <summary>The address under which file managers reach this server, such as <c>https://backup.example</c>. Default: the one of the request that opens.</summary>
    /// <remarks>Set it where a proxy with TLS stands in front: a password must not cross a network in clear, and Windows does not send one so.</remarks>
    public string? WebDavUrl { get; init; }

    /// <summary>How long after its end an opening may still be read from by what is connected. Default one second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Entries of folders that are kept in memory, all openings together: files and messages, about 500 bytes each. Default 400,000.</summary>
    [Range(1_000, 100_000_000)]
    public int KeptEntries { get; init; } = 400_000;

    /// <summary>Wrong passwords from one address for one opening within <see cref="WrongWithin"/>; ten times as many for all. Then it is not listened to until that time is over. Default 10.</summary>
    [Range(1, 1_000)]
    public int WrongPasswords { get; init; } = 10;

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan WrongWithin { get; init; } = TimeSpan.FromMinutes(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (WebDavUrl is not null && (!Uri.TryCreate(WebDavUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Query.Length > 0 || url.UserInfo.Length > 0))
            yield return new ValidationResult($"{Section}:WebDavUrl must be the address of this server, such as https://backup.example; it is '{WebDavUrl}'.");
    }
}
