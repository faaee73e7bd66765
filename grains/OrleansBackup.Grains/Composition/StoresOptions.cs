using Microsoft.Extensions.Options;

namespace OrleansBackup.Grains.Composition;

/// <summary>The stores that tenants can be in. Configuration section <c>Vault</c>: <c>Vault:Stores:{name}:…</c> and <c>Vault:DefaultStore</c>.</summary>
/// <remarks>Without any, there is one store called <c>default</c>: the folder <c>vault</c> in the data folder.</remarks>
public sealed record StoresOptions
{
    public const string Section = "Vault";

    /// <summary>The name of the one store where none is configured.</summary>
    public const string OnlyStore = "default";

    /// <summary>By name. Tenants remember the name: it never changes and never means another place.</summary>
    public Dictionary<string, StoreSettings> Stores { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Where a new tenant goes that names no store. Needed where there are several.</summary>
    public string? DefaultStore { get; init; }

    /// <summary>Where the one store lies, where none is configured by name.</summary>
    public string? Region { get; init; }

    public string Default => DefaultStore ?? (Stores.Count == 1 ? Stores.Keys.Single() : OnlyStore);
}

/// <summary>One store. Which of these a kind needs, its factory says.</summary>
public sealed record StoreSettings
{
    /// <summary><c>folder</c>, <c>azure</c> or <c>s3</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Country (<c>NL</c>) or the provider's region (<c>westeurope</c>).</summary>
    public string? Region { get; init; }

    /// <summary>folder: the folder.</summary>
    public string? Path { get; init; }

    /// <summary>azure: the container's address, to sign in with Microsoft Entra ID. s3: the service's address; absent: Amazon's.</summary>
    public Uri? Url { get; init; }

    /// <summary>azure: to sign in with the account's key, together with <see cref="Container"/>. Secret.</summary>
    public string? ConnectionString { get; init; }

    public string? Container { get; init; }

    public string? Bucket { get; init; }

    /// <summary>s3: absent with <see cref="SecretKey"/>: whatever the machine is signed in with.</summary>
    public string? AccessKey { get; init; }

    /// <summary>s3. Secret.</summary>
    public string? SecretKey { get; init; }

    /// <summary>s3: whether the bucket is part of the path. Default true.</summary>
    public bool PathStyle { get; init; } = true;

    /// <summary>Whether nobody, or only an administrator, can shorten a retention. Default true.</summary>
    public bool LockRetention { get; init; } = true;

    public override string ToString() => $"{nameof(StoreSettings)} {{ Kind = {Kind}, Region = {Region} }}"; // never a secret
}

/// <summary>Every wrong setting of the stores, at the start, with what to set.</summary>
internal sealed class StoresCheck(IEnumerable<IStoreFactory> factories) : IValidateOptions<StoresOptions>
{
    public ValidateOptionsResult Validate(string? name, StoresOptions options)
    {
        var problems = options.Stores.SelectMany(store => Problems(store.Key, store.Value)).ToList();
        if (options.Stores.Count > 1 && options.DefaultStore is null)
            problems.Add($"Vault:DefaultStore is not set: name the store that new tenants go to, one of {Names(options.Stores.Keys)}.");
        if (options.DefaultStore is { } chosen && !options.Stores.ContainsKey(chosen) && !(options.Stores.Count == 0 && chosen == StoresOptions.OnlyStore))
            problems.Add(options.Stores.Count == 0
                ? $"Vault:DefaultStore is '{chosen}', and no store is configured: set Vault:Stores:{chosen}:Kind and what it needs, or take the setting out."
                : $"Vault:DefaultStore is '{chosen}': set it to one of {Names(options.Stores.Keys)}.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> Problems(string name, StoreSettings settings)
    {
        var at = $"Vault:Stores:{name}";
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            yield return $"{at}: a store's name is made of small letters, digits and '-'.";
        if (factories.FirstOrDefault(factory => factory.Kind == settings.Kind) is not { } match)
        {
            yield return $"{at}:Kind is '{settings.Kind}': set it to one of {Names(factories.Select(factory => factory.Kind))}.";
            yield break;
        }
        foreach (var problem in match.Problems(settings))
            yield return $"{at}:{problem}";
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal).Select(name => $"'{name}'"));
}
