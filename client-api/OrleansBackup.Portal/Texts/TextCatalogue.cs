using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace OrleansBackup.Portal.Texts;

/// <summary>Every text of the portal in one language. It lies in <c>Texts/{language}/</c>, a file for each part of the portal; the file's name begins its keys.</summary>
/// <remarks>A key that is missing is an error of the program, never an empty place on a page: tests look for keys that one language lacks and for keys that no page uses.</remarks>
public sealed class TextCatalogue
{
    private static readonly TextCatalogue Dutch = Read(Language.Dutch), English = Read(Language.English);

    private readonly FrozenDictionary<string, string> _texts;

    private TextCatalogue(FrozenDictionary<string, string> texts) => _texts = texts;

    public IEnumerable<string> Keys => _texts.Keys;

    /// <exception cref="KeyNotFoundException">The catalogue has no such text.</exception>
    public string this[string key] => _texts.TryGetValue(key, out var text) ? text : throw new KeyNotFoundException($"The portal has no text '{key}'.");

    public static TextCatalogue Of(Language language) => language == Language.English ? English : Dutch;

    public bool Has(string key) => _texts.ContainsKey(key);

    /// <summary>The text with <c>{0}</c>, <c>{1}</c>… filled in; they are texts already, written for the reader.</summary>
    public string Filled(string key, params object?[] values) => values.Length == 0 ? this[key] : string.Format(CultureInfo.InvariantCulture, this[key], values);

    /// <summary>The text for a number of things: <c>{key}.one</c> or <c>{key}.many</c>, in which <c>{0}</c> is the number.</summary>
    public string Counted(string key, long count, string written) => Filled(count == 1 ? $"{key}.one" : $"{key}.many", written);

    private static TextCatalogue Read(Language language)
    {
        var (assembly, folder) = (typeof(TextCatalogue).Assembly, $"Texts/{language.Tag()}/");
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(file)!;
            foreach (var (key, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!)
                texts.Add($"{Path.GetFileNameWithoutExtension(file)}.{key}", text);
        }
        return new TextCatalogue(texts.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
