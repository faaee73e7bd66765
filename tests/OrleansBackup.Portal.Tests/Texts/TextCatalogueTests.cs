using System.Text.RegularExpressions;
using OrleansBackup.Portal.Texts;

namespace OrleansBackup.Portal.Tests.Texts;

public sealed partial class TextCatalogueTests
{
    private static readonly TextCatalogue Dutch = TextCatalogue.Of(Language.Dutch), English = TextCatalogue.Of(Language.English);

    [Fact]
    public void Both_languages_have_the_same_texts() => Assert.Equal(English.Keys.Order(StringComparer.Ordinal), Dutch.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void A_text_has_the_same_places_to_fill_in_in_both_languages() => Assert.All(
        Dutch.Keys.Where(English.Has), key => Assert.Equal(Places(English[key]), Places(Dutch[key])));

    [Fact]
    public void No_text_is_empty() => Assert.All(Dutch.Keys.Concat(English.Keys), key => Assert.False(string.IsNullOrWhiteSpace(Dutch[key]) || string.IsNullOrWhiteSpace(English[key]), key));

    [Fact]
    public void Every_text_that_the_source_names_is_there()
    {
        var named = Sources().SelectMany(source => WholeKeys().Matches(source).Select(match => match.Groups["key"].Value)).Distinct().ToList();
        var counted = Sources().SelectMany(source => CountedKeys().Matches(source).Select(match => match.Groups["key"].Value)).Distinct().ToList();

        Assert.True(named.Count > 50, "The source was not found.");
        Assert.DoesNotContain(named, key => !English.Has(key));
        Assert.DoesNotContain(counted, key => !English.Has($"{key}.one") || !English.Has($"{key}.many"));
    }

    [Fact]
    public void Every_text_is_used()
    {
        var source = string.Join('\n', Sources());
        var made = MadeKeys().Matches(source).Select(match => match.Groups["begin"].Value).Distinct().ToList();

        Assert.DoesNotContain(English.Keys, key => !source.Contains($"\"{key}\"", StringComparison.Ordinal)
            && !source.Contains($"\"{Regex.Replace(key, @"\.(one|many)$", "")}\"", StringComparison.Ordinal)
            && !made.Exists(begin => key.StartsWith(begin, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Places(string text) => PlaceToFill().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> Sources()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "OrleansBackup.sln")))
            root = root.Parent ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        return Directory.EnumerateFiles(Path.Combine(root.FullName, "client-api", "OrleansBackup.Portal"), "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor").Select(File.ReadAllText);
    }

    [GeneratedRegex(@"(\bT\(|[tT]exts\[|\.Filled\()""(?<key>[a-z-]+\.[A-Za-z0-9.-]+)""")]
    private static partial Regex WholeKeys();

    [GeneratedRegex(@"(\bCount\(|\.Counted\()""(?<key>[a-z-]+\.[A-Za-z0-9.-]+)""")]
    private static partial Regex CountedKeys();

    /// <summary>Keys that are put together: $"place.begin-{…}", Word("place.begin", …).</summary>
    [GeneratedRegex(@"(\$""(?<begin>[a-z-]+\.[A-Za-z0-9.-]*)\{|Word\(""(?<begin>[a-z-]+\.[A-Za-z0-9.-]+)"")")]
    private static partial Regex MadeKeys();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex PlaceToFill();
}
