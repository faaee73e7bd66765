namespace OrleansBackup.Vault.Tests.Given;

/// <summary>Real files to test with, where they are at hand; built-in samples otherwise.</summary>
internal static class Corpus
{
    public static IReadOnlyList<(string Name, byte[] Bytes)> Files(string folder, int most)
    {
        var root = Environment.GetEnvironmentVariable("ORLEANSBACKUP_CORPUS") ?? Above(AppContext.BaseDirectory);
        if (root is null || !Directory.Exists(Path.Combine(root, folder)))
        {
            Console.WriteLine($"No corpus at hand: the files of '{folder}' are left out, built-in samples are used.");
            return [.. Enumerable.Range(1, 40).Select(i => ($"sample-{i}", AVault.Bytes(i, i * i * 100, compressible: i % 4 != 0)))];
        }
        return [.. Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Take(most).Select(f => (Path.GetRelativePath(root, f), File.ReadAllBytes(f)))];
    }

    private static string? Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (Directory.Exists(Path.Combine(at.FullName, "shared", "corpus")))
                return Path.Combine(at.FullName, "shared", "corpus");
        return null;
    }
}
