using System.Globalization;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Fills drives from a seed: folders, files of all sizes, a notebook, shared things and a few that are broken.</summary>
public static class DriveGenerator
{
    private static readonly string[] Extensions = ["docx", "xlsx", "pptx", "pdf", "txt", "png", "jpg", "zip", "csv", "html"];

    /// <summary>Sizes at which something changes on the way: nothing, one byte, a small file's end, an upload piece, a megabyte.</summary>
    private static readonly long[] Edges = [0, 1, 327_679, 327_680, 327_681, 1 << 20, (1 << 20) + 1];

    /// <summary>A person's OneDrive. Equal seeds give equal drives.</summary>
    public static Drive OneDrive(SimulatedUser owner, SimulatedTenant tenant, int files, IReadOnlyList<string> material, SimulatorClock clock) =>
        Create($"user:{owner.Id}", "OneDrive", SeededRandom.Mix(tenant.Seed, StableHash.Of("drive/" + owner.UserPrincipalName)), files, material, tenant, clock);

    /// <summary>A library of a site.</summary>
    public static Drive Library(string siteId, string name, ulong seed, int files, SimulatedTenant tenant, SimulatorClock clock) =>
        Create($"site:{siteId}", name, SeededRandom.Mix(seed, StableHash.Of(siteId + name)), files, [], tenant, clock);

    private static Drive Create(string ownerKey, string name, ulong seed, int files, IReadOnlyList<string> material, SimulatedTenant tenant, SimulatorClock clock)
    {
        var random = new SeededRandom(seed);
        Span<byte> bytes = stackalloc byte[48];
        for (var i = 0; i < bytes.Length; i += 8)
            BitConverter.TryWriteBytes(bytes[i..], random.Next());
        var id = "b!" + Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');
        // Filled when it is first looked at, with what has been in it since it was made.
        var made = clock.GetUtcNow();
        return new Drive(id, ownerKey, name, clock, drive => Fill(drive, seed, files, material, tenant, made));
    }

    private static void Fill(Drive drive, ulong seed, int files, IReadOnlyList<string> material, SimulatedTenant tenant, DateTimeOffset now)
    {
        var random = new SeededRandom(seed);
        var folders = new List<DriveItem> { drive.Root };
        for (var i = 0; i < Math.Min(40, files / 6); i++)
            folders.Add(drive.CreateFolder(random.Pick(folders), $"{random.Pick(Words.Folders).Replace('/', '-')} {i.ToString(CultureInfo.InvariantCulture)}", now));
        for (var i = 0; i < files; i++)
        {
            var file = NewFile(drive, random.Pick(folders), ref random, now, i < Edges.Length ? Edges[i] : null);
            if (i % 23 == 11)
                drive.Share(file, _ => [Permission(ref random, tenant)], now);
            if (i % 29 == 17)
                drive.SetOddities(file, (i / 29 % 6) switch { 0 => FileOddities.HashMissing, 1 => FileOddities.HashWrong, 2 => FileOddities.SizeWrong, 3 => FileOddities.HasSha256, 4 => FileOddities.Malware, _ => FileOddities.Locked }, now);
        }
        if (files >= 40)
            Notebook(drive, folders[0], ref random, now);
        if (files >= 20)
            drive.Share(folders[1], _ => [Permission(ref random, tenant), Link()], now);
        if (material.Count > 0)
        {
            var real = drive.CreateFolder(drive.Root, "Real documents", now);
            foreach (var path in material)
                drive.CreateFile(real, Path.GetFileName(path), new DiskFile(path), at: now);
        }
    }

    /// <summary>A file with a name that is free in the folder and dates of the two years before.</summary>
    internal static DriveItem NewFile(Drive drive, DriveItem folder, ref SeededRandom random, DateTimeOffset now, long? length = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{random.Pick(Words.Topics)} {random.Below(1_000_000)}.{random.Pick(Extensions)}");
        while (drive.Child(folder, name) is not null)
            name = "_" + name;
        var created = now.AddMinutes(-random.Below(2 * 365 * 24 * 60));
        var modified = created + ((now - created) * random.Fraction());
        return drive.CreateFile(folder, name, NewContent(ref random, length), (created, modified), now);
    }

    /// <summary>Half of what people save was copied from a colleague: the same bytes in many drives.</summary>
    internal static FileContent NewContent(ref SeededRandom random, long? length = null)
    {
        var shared = random.Chance(0.3);
        var seed = shared ? (ulong)random.Below(500) : random.Next();
        var own = new SeededRandom(seed);
        return new SeededFile(seed, length ?? own.LogNormal(median: 30_000, sigma: 1.6, most: 3_000_000));
    }

    internal static SharingPermission Permission(ref SeededRandom random, SimulatedTenant tenant)
    {
        var user = random.Pick(tenant.Directory.Users);
        return new SharingPermission(string.Create(CultureInfo.InvariantCulture, $"p{StableHash.Of(user.Id.ToString()):x16}"), random.Chance(0.5) ? "read" : "write")
        {
            UserId = user.Id.ToString(), Email = user.Mail, DisplayName = user.DisplayName,
        };
    }

    internal static SharingPermission Link() => new("l0000000000000001", "read") { LinkType = "view", LinkScope = "organization", LinkAddress = "https://files.example/:x:/s/l1" };

    private static void Notebook(Drive drive, DriveItem parent, ref SeededRandom random, DateTimeOffset now)
    {
        var notebook = drive.CreateFolder(parent, "Notebook", now, kind: DriveItemKind.Package);
        drive.CreateFile(notebook, "Open Notebook.onetoc2", new SeededFile(random.Next(), 4_000), at: now, oddities: FileOddities.HashMissing);
        drive.CreateFile(notebook, "Section.one", new SeededFile(random.Next(), 90_000), at: now, oddities: FileOddities.HashMissing | FileOddities.NeverServed);
    }
}
