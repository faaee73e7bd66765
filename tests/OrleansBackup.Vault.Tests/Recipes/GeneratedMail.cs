using System.Text;

namespace OrleansBackup.Vault.Tests.Recipes;

/// <summary>Mail as programs write it and as it gets broken on the way. The same seed makes the same bytes.</summary>
internal sealed class GeneratedMail
{
    private static readonly int[] LineLengths = [60, 64, 72, 73, 76, 78, 998, 8192, 9000, int.MaxValue];
    private static readonly string[] Endings = ["\r\n", "\n", "\r\n", "\n", " \r\n", "  \n", "\t\r\n", "\r", "\n\n", "\r\r\n"];

    private readonly Random _random;
    private readonly MemoryStream _bytes = new();
    private readonly string _ending;

    private GeneratedMail(int seed)
    {
        _random = new(seed);
        _ending = Pick(Endings[..2]);
    }

    public static byte[] Of(int seed)
    {
        var mail = new GeneratedMail(seed);
        mail.Entity(depth: mail._random.Next(4));
        var bytes = mail._bytes.ToArray();
        return mail._random.Next(4) == 0 ? Mutated(bytes, mail._random) : bytes;
    }

    /// <summary>Bytes changed, taken out, put in, doubled or cut off at the end.</summary>
    public static byte[] Mutated(byte[] bytes, Random random)
    {
        var changed = bytes.ToList();
        for (var i = random.Next(1, 6); i > 0 && changed.Count > 0; i--)
        {
            var at = random.Next(changed.Count);
            var length = Math.Min(random.Next(1, random.Next(2) == 0 ? 3 : 300), changed.Count - at);
            switch (random.Next(6))
            {
                case 0: changed[at] = (byte)random.Next(256); break;
                case 1: changed.RemoveRange(at, length); break;
                case 2: changed.InsertRange(at, changed.GetRange(at, length)); break;
                case 3: changed.Insert(at, Pick(random, "=\r\n \t+/A-_\0\xff"u8.ToArray())); break;
                case 4: changed[at] = Pick(random, "=\r\nAB"u8.ToArray()); break;
                default: changed.RemoveRange(at, random.Next(4) == 0 ? changed.Count - at : 0); break;
            }
        }
        return [.. changed];
    }

    private void Entity(int depth)
    {
        Line($"Subject: {Words(3)}");
        Line(Chance(2) ? $"DKIM-Signature: b={Convert.ToBase64String(Random(200))}" : "MIME-Version: 1.0");
        if (depth > 0)
            Multipart(depth);
        else
            Leaf();
    }

    private void Multipart(int depth)
    {
        var boundary = Chance(4) ? Words(1) : Convert.ToBase64String(Random(24)).TrimEnd('='); // one that could be base64 itself
        Line($"Content-Type: multipart/mixed; boundary=\"{boundary}\"");
        Line("");
        for (var i = _random.Next(4); i >= 0; i--)
        {
            Line($"--{boundary}");
            if (Chance(4))
            {
                Line("Content-Type: message/rfc822");
                Line("");
            }
            Entity(depth - 1);
        }
        if (!Chance(5))
            Line($"--{boundary}--");
    }

    private void Leaf()
    {
        Line("Content-Transfer-Encoding: base64");
        Line("");
        switch (_random.Next(8))
        {
            case 0: Line(Words(_random.Next(400))); break;
            case 1: Write(Random(_random.Next(3000))); break; // 8-bit and NULs
            case 2: Write(Encoding.ASCII.GetBytes(new string('A', _random.Next(70_000)))); break;
            case 3: break;
            default: Encoded(); break;
        }
    }

    private void Encoded()
    {
        var text = Convert.ToBase64String(Random(_random.Next(5) switch { 0 => _random.Next(20), 1 => _random.Next(60_000), _ => _random.Next(6000) }));
        if (Chance(3))
            text = text.TrimEnd('=');
        if (Chance(8))
            text = text.Replace('a', '*');
        if (Chance(6) && text.Length > 2)
            text = text[..^1] + Pick("BZ=9/ "); // bits that no encoder leaves set
        var (length, ending) = (Pick(LineLengths), Pick(Endings));
        for (var at = 0; at < text.Length; at += Math.Min(length, text.Length))
        {
            Write(Encoding.Latin1.GetBytes(text.Substring(at, Math.Min(length, text.Length - at))));
            Write(Encoding.Latin1.GetBytes(Chance(300) ? Pick(Endings) : ending));
        }
        if (Chance(3))
            Line("");
    }

    private void Line(string text) => Write(Encoding.Latin1.GetBytes(text + (Chance(50) ? Pick(Endings) : _ending)));

    private void Write(byte[] bytes) => _bytes.Write(bytes);

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private byte[] Random(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => Pick("the", "invoice", "für", "meeting", "0123456789abcdef0123456789abcdef")));

    private T Pick<T>(params T[] from) => Pick(_random, from);

    private char Pick(string from) => from[_random.Next(from.Length)];

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
