using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Silo.Hosting;

/// <summary>Where the API answers. Configuration section <c>Api</c>.</summary>
public sealed record ApiAddressOptions : IValidatableObject
{
    public const string Section = "Api";

    /// <summary>Address and port; port 0 takes a free one. Default <c>http://127.0.0.1:5080</c>: this machine alone can reach it.</summary>
    /// <remarks>The address in use stands in the file <c>address</c> of the data folder. Keys travel in headers: beyond one machine put a proxy with TLS in front.</remarks>
    [Required(AllowEmptyStrings = false)]
    public string Url { get; init; } = "http://127.0.0.1:5080";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not "http" || url.PathAndQuery != "/" || url.UserInfo.Length > 0)
            yield return new ValidationResult($"{Section}:Url must be http://address:port with no path, such as http://127.0.0.1:5080; it is '{Url}'.");
    }
}
