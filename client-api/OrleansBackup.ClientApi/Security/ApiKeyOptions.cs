using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace OrleansBackup.ClientApi.Security;

/// <summary>Who may use the API. Configuration section <c>Api</c>.</summary>
public sealed partial record ApiKeyOptions : IValidatableObject
{
    public const string Section = "Api";

    /// <summary>The setting of the folder in which the first key lies; shared with the process that hosts the API.</summary>
    public const string FolderSetting = "Data:Folder";

    /// <summary>Further keys by the name of who holds them, each as the SHA-256 of the key in 64 hexadecimal digits. Default: none.</summary>
    /// <remarks>The name is what a restore records as its requester. <c>printf %s "$KEY" | sha256sum</c> gives the digits.</remarks>
    public Dictionary<string, string> Keys { get; init; } = [];

    /// <summary>Where the first key is kept; made at the first start. Default: <c>api-key</c> in the data folder.</summary>
    public string? KeyFile { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Keys
        .Where(key => !Sha256Digits().IsMatch(key.Value))
        .Select(key => new ValidationResult($"{Section}:Keys:{key.Key} must be the SHA-256 of a key as 64 hexadecimal digits, never the key itself."));

    [GeneratedRegex("^[0-9a-fA-F]{64}$")]
    private static partial Regex Sha256Digits();
}
