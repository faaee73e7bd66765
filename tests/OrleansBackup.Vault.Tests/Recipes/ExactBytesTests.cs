using System.Text;
using OrleansBackup.Vault.Recipes;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Recipes;

/// <summary>Whatever goes in comes out, byte for byte: generated, real and broken mail. A failure names its seed.</summary>
public sealed class ExactBytesTests
{
    [Fact]
    public async Task Any_generated_message_comes_back()
    {
        var parts = 0;
        for (var seed = 0; seed < 6000; seed++)
        {
            var mail = GeneratedMail.Of(seed);
            var (again, found, _) = await RoundTrip.OfAsync(mail, seed % 7 == 0 ? 1 + seed % 1000 : null);
            Assert.True(mail.AsSpan().SequenceEqual(again), $"seed {seed}: not the same bytes again");
            parts += found.Count;
        }
        Assert.True(parts > 3000, $"only {parts} parts were found to test with");
    }

    [Fact]
    public async Task Any_real_message_with_something_broken_in_it_comes_back()
    {
        var seed = 0;
        foreach (var (name, bytes) in Corpus.Files("mail", int.MaxValue).Where(f => f.Bytes.Length < 200_000))
            for (var i = 0; i < 2; i++)
                await RoundTrip.AssertExactAsync(GeneratedMail.Mutated(bytes, new(++seed)), $"{name}, seed {seed}");
    }

    [Theory]
    [InlineData(60, "\n")]
    [InlineData(64, "\r\n")]
    [InlineData(72, "\r\n")]
    [InlineData(73, "\r\n")]
    [InlineData(76, "\r\n")]
    [InlineData(76, " \r\n")]
    [InlineData(998, "\n")]
    [InlineData(int.MaxValue, "\n")]
    public async Task The_decoded_bytes_are_those_that_were_encoded_whatever_the_lines_and_the_length(int lineLength, string ending)
    {
        foreach (var length in Enumerable.Range(1024, 160).Concat([49_152, 49_153, 49_154, 200_001]))
            foreach (var padded in new[] { true, false })
            {
                var file = AVault.Bytes(length, length, compressible: false);
                var text = Convert.ToBase64String(file);
                var lines = (padded ? text : text.TrimEnd('=')).Chunk(Math.Min(lineLength, text.Length)).Select(l => new string(l));
                var mail = Encoding.ASCII.GetBytes($"--b{ending}{ending}{string.Join(ending, lines)}{ending}--b--{ending}");
                var (again, parts, literal) = await RoundTrip.OfAsync(mail);
                Assert.Equal(mail, again);
                Assert.Equal(file, Assert.Single(parts));
                Assert.Equal($"--b{ending}{ending}{ending}--b--{ending}", Encoding.ASCII.GetString(literal));
            }
    }

    [Fact]
    public async Task Bits_that_no_encoder_leaves_set_stay_as_they_are()
    {
        var text = new string('Q', 2000) + "QR=="; // an encoder would write QQ==
        var (again, parts, literal) = await RoundTrip.OfAsync(Encoding.ASCII.GetBytes(text));
        Assert.Equal(text, Encoding.ASCII.GetString(again));
        Assert.Equal(1500, Assert.Single(parts).Length);
        Assert.Equal("QR==", Encoding.ASCII.GetString(literal));
    }

    [Fact]
    public async Task A_decoder_that_decodes_wrongly_costs_space_never_data()
    {
        var (random, wrong) = (new Random(4), 0);
        int Decode(ReadOnlySpan<byte> characters, Span<byte> decoded)
        {
            var length = DecodedStream.DecodeWithFramework(characters, decoded);
            if (length > 0 && random.Next(2) == 0)
            {
                decoded[random.Next(length)] ^= 4;
                wrong++;
            }
            return length;
        }
        for (var seed = 0; seed < 300; seed++)
        {
            var mail = GeneratedMail.Of(seed);
            Assert.Equal(mail, (await RoundTrip.OfAsync(mail, decode: Decode)).Again);
        }
        Assert.True(wrong > 100, $"it was wrong only {wrong} times");
    }

    [Fact]
    public async Task A_message_of_very_many_parts_is_literal_from_some_part_on()
    {
        var mail = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 400).Select(i => $"--b\r\n\r\n{Convert.ToBase64String(AVault.Bytes(i, 1100))}\r\n")));
        var (again, parts, _) = await RoundTrip.OfAsync(mail);
        Assert.Equal(mail, again);
        Assert.Equal(250, parts.Count);
    }

    [Fact]
    public async Task Pieces_that_do_not_belong_together_are_an_error_not_other_bytes()
    {
        var literal = ContentReference.InPack(default, 0, 4, default);
        var part = new EncodedPart(2, new(76, [10], IsPadded: true), ContentReference.InPack(default, 1, 1500, default));
        var recipe = ContentReference.OfRecipe(literal, [part], sum: 1);
        await using var stream = new ReassembledStream(recipe, new MemoryStream(new byte[4]), (_, _) => Task.FromResult<Stream>(new MemoryStream(new byte[1500])),
            what => new InvalidDataException(what));
        await Assert.ThrowsAsync<InvalidDataException>(() => stream.CopyToAsync(Stream.Null));
    }
}
