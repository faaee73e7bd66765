using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace OrleansBackup.ClientApi.Security;

/// <summary>Where people reach the server, and how long they stay signed in. Configuration section <c>Api:Access</c>.</summary>
public sealed record AccessOptions : IValidatableObject
{
    public const string Section = "Api:Access";

    /// <summary>The address that people type, such as <c>https://backup.example.nl</c>. Default: the one in each request.</summary>
    /// <remarks>Set it behind a proxy: whether cookies need https and where the organisation's sign-in sends people back to follow from it.</remarks>
    public string? PublicUrl { get; init; }

    /// <summary>Addresses or networks of proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed, with commas between them. Default: none.</summary>
    public string? TrustedProxies { get; init; }

    /// <summary>After so long a browser has to sign in again. Default: a working day.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "7.00:00:00")]
    public TimeSpan SessionLife { get; init; } = TimeSpan.FromHours(10);

    /// <summary>The folder of the keys that protect forms and the way to the organisation's sign-in. Default: <c>form-keys</c> in the data folder. The servers of a cluster share one.</summary>
    public string? FormKeyFolder { get; init; }

    public bool IsHttps(HttpRequest request) => request.IsHttps || PublicUrl?.StartsWith("https://", StringComparison.Ordinal) == true;

    /// <summary>Without a closing slash.</summary>
    public string BaseOf(HttpRequest request) => PublicUrl?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";

    public IEnumerable<IPNetwork> Proxies() => (TrustedProxies ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(text => IPNetwork.TryParse(text, out var network) ? network : IPAddress.TryParse(text, out var one) ? new IPNetwork(one, one.GetAddressBytes().Length * 8) : (IPNetwork?)null)
        .Select(network => network ?? throw new FormatException());

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublicUrl is not null && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) && (url.Scheme is "https" or "http") && url.PathAndQuery == "/" && url.UserInfo.Length == 0))
            yield return new($"{Section}:PublicUrl must be an address such as https://backup.example.nl, with no path; it is '{PublicUrl}'.");
        var readable = true;
        try
        {
            _ = Proxies().Count();
        }
        catch (FormatException)
        {
            readable = false;
        }
        if (!readable)
            yield return new($"{Section}:TrustedProxies must be addresses or networks such as 10.0.0.5, 10.1.0.0/16; it is '{TrustedProxies}'.");
    }
}
