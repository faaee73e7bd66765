using System.ComponentModel.DataAnnotations;
using System.Net;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Grains.Notices;

/// <summary>The server that takes notices as mail. Configuration section <c>Notices:Mail</c>.</summary>
public sealed record MailOptions : IValidatableObject
{
    public const string Section = "Notices:Mail";

    /// <summary>Name of the submission server; absent: no mail can be sent, and what should be is kept and shown as undelivered.</summary>
    public string? Host { get; init; }

    /// <summary>Default 587, submission with STARTTLS. Implicit TLS (465) is not supported.</summary>
    [Range(1, 65_535)]
    public int Port { get; init; } = 587;

    /// <summary>Whether the connection must become TLS (STARTTLS) before anything is told. Off only for a server on this machine.</summary>
    public bool Encrypted { get; init; } = true;

    /// <summary>To sign in with; absent: without signing in.</summary>
    public string? User { get; init; }

    /// <summary>Belongs to <see cref="User"/>. Better given by environment than in a file.</summary>
    public string? Password { get; init; }

    /// <summary>The address that notices come from.</summary>
    public string? From { get; init; }

    /// <summary>The name beside it.</summary>
    public string FromName { get; init; } = "OrleansBackup";

    /// <summary>Where answers go; absent: to <see cref="From"/>.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>So long one mail may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Host is null)
        {
            if (User is not null || From is not null)
                yield return new ValidationResult($"{Section}:{nameof(Host)} is missing though other settings of the mail server are there.");
            yield break;
        }
        if (string.IsNullOrWhiteSpace(Host) || Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            yield return new ValidationResult($"{Section}:{nameof(Host)} is not the name of a server.");
        if (!Contact.IsAddress(From))
            yield return new ValidationResult($"{Section}:{nameof(From)} is not an e-mail address.");
        if (ReplyTo is not null && !Contact.IsAddress(ReplyTo))
            yield return new ValidationResult($"{Section}:{nameof(ReplyTo)} is not an e-mail address.");
        if (User is null != Password is null)
            yield return new ValidationResult($"{Section}:{nameof(User)} and {nameof(Password)} belong together; one of them is missing.");
        if (!Encrypted && !(Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address))))
            yield return new ValidationResult($"{Section}:{nameof(Encrypted)} can be off only for a mail server on this machine: names of customers would travel for anyone to read.");
    }
}
