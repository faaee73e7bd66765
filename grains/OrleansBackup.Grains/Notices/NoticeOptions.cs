using System.ComponentModel.DataAnnotations;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Grains.Notices;

/// <summary>How customers are told things. Configuration section <c>Notices</c>.</summary>
public sealed record NoticeOptions : IValidatableObject
{
    public const string Section = "Notices";

    /// <summary>How long more of its kind may join a notice of new resources. It goes out on the day of finding in any case. Default: a quarter of an hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "12:00:00")]
    public TimeSpan Gather { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>An e-mail address of the provider that gets a copy of every notice, and is told of daily checks that were missed. Default: none.</summary>
    public string? CopyTo { get; init; }

    /// <summary>The language of those copies.</summary>
    public NoticeLanguage CopyLanguage { get; init; } = NoticeLanguage.Nl;

    /// <summary>So many contacts a tenant may have.</summary>
    [Range(1, 500)]
    public int MostContacts { get; init; } = 50;

    /// <summary>So many webhooks a tenant may have.</summary>
    [Range(0, 100)]
    public int MostWebhooks { get; init; } = 10;

    /// <summary>So many ended notices of a tenant are kept; the oldest go first.</summary>
    [Range(20, 5_000)]
    public int Kept { get; init; } = 500;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CopyTo is not null && !Contact.IsAddress(CopyTo))
            yield return new ValidationResult($"{Section}:{nameof(CopyTo)} is not an e-mail address.");
        if (!Enum.IsDefined(CopyLanguage))
            yield return new ValidationResult($"{Section}:{nameof(CopyLanguage)} is Nl or En.");
    }
}
