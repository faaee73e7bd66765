using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Moving;

/// <summary>Moves a tenant to another store: copy, verify every byte, switch, erase at the old store. After a crash anywhere the same call goes on.</summary>
/// <remarks>
/// <para>Objects are copied as they are, under their names, so nothing is decrypted and no key is needed. What is named is copied before
/// what names it and the key last: the new store never holds more than a whole vault of an earlier time.</para>
/// <para>No run and no prune of the tenant should be going between copy and switch. If one was, nothing is lost: only what was verified
/// before the switch is erased (the list of it is kept in <c>{tenant}/moved</c> of the old store); what came later is taken over.</para>
/// <para>While the mark <c>{tenant}/arriving</c> is in the new store nobody uses the tenant there, so what the old store has lost meanwhile
/// may be removed there too. The mark goes before the switch.</para>
/// <para>What was verified is kept by the new store like what is written there, from before the switch on; only then, because until then copies may
/// have to go again. Keys are never kept.</para>
/// </remarks>
/// <param name="keeping">Writes to <paramref name="target"/> that it has to keep (<see cref="VaultOptions.RetainFor"/>); null: it keeps nothing.</param>
public sealed class TenantMove(string tenant, IBlobStore source, IBlobStore target, IMoveJournal journal, RetainingWrites? keeping = null)
{
    private const int FirstKeyRank = 7;

    private readonly HashSet<BlobName> _extras = []; // pruned at the old store since a call that came as far as retention; the new one keeps them

    private BlobName Arriving => new($"{tenant}/arriving");

    private BlobName Moved => new($"{tenant}/moved");

    public async Task<MoveReport> RunAsync(CancellationToken cancellation)
    {
        ResourceName.EnsureValid(tenant);
        VerifiedCopy? verified = null;
        if (!await journal.IsSwitchedAsync(cancellation))
        {
            await CopyAsync(cancellation);
            verified = await VerifyAsync(cancellation);
            if (keeping is not null)
                await KeepAsync(keeping, cancellation);
            await target.DeleteAsync(Arriving, cancellation);
            await journal.SwitchAsync(verified, cancellation);
        }
        return await EraseAsync(verified, cancellation);
    }

    private async Task CopyAsync(CancellationToken cancellation)
    {
        var names = await ListAsync(source, cancellation);
        if (names.Count == 0)
            throw new TenantKeyMissingException(tenant);
        var there = (await ListAsync(target, cancellation)).ToHashSet();
        if (there.Count == 0)
            await target.PutIfAbsentAsync(Arriving, "1"u8.ToArray(), cancellation);
        foreach (var name in names.OrderBy(RankOf).ThenBy(name => name.Value, StringComparer.Ordinal))
            if (!there.Contains(name))
                await CopyAsync(name, cancellation);
        if (await target.GetLengthAsync(Arriving, cancellation) is null)
            return;
        var wanted = names.ToHashSet();
        foreach (var extra in there.Where(name => !wanted.Contains(name)))
            if (await target.TryDeleteAsync(extra, cancellation) == DeletionOutcome.Retained)
                _extras.Add(extra);
    }

    private async Task KeepAsync(RetainingWrites writes, CancellationToken cancellation)
    {
        foreach (var name in await ListAsync(target, cancellation))
            if (IsKept(name))
                await writes.KeepAsync(name, cancellation);
    }

    private async Task CopyAsync(BlobName name, CancellationToken cancellation, IBlobStore? to = null)
    {
        if (await source.GetLengthAsync(name, cancellation) is not { } length)
            return; // pruned meanwhile
        await using var content = await source.OpenReadAsync(name, cancellation);
        if (content is not null)
            await (to ?? target).PutIfAbsentAsync(name, content, length, cancellation);
    }

    /// <exception cref="MoveConflictException">The two stores differ.</exception>
    private async Task<VerifiedCopy> VerifyAsync(CancellationToken cancellation)
    {
        var names = await ListAsync(source, cancellation);
        var there = (await ListAsync(target, cancellation)).ToHashSet();
        if (there.Except(names).Except(_extras).FirstOrDefault() is { Value: not null } extra)
            throw new MoveConflictException(tenant, extra, "is in the new store and not in the old one");
        var (list, bytes) = (new StringBuilder(), 0L);
        foreach (var name in names.OrderBy(name => name.Value, StringComparer.Ordinal))
        {
            var (old, copy) = (await DigestAsync(source, name, cancellation), await DigestAsync(target, name, cancellation));
            if (copy is null)
                throw new MoveConflictException(tenant, name, "was written to the old store meanwhile; move again");
            if (old != copy)
                throw new MoveConflictException(tenant, name, "is another object in the new store");
            list.Append(LineOf(name, copy)).Append('\n');
            bytes += copy.Bytes;
        }
        var verified = Encoding.UTF8.GetBytes(list.ToString());
        await source.DeleteAsync(Moved, cancellation); // of an attempt that did not come to the switch
        await source.PutIfAbsentAsync(Moved, verified, cancellation);
        return new(names.Count, bytes, Convert.ToHexStringLower(SHA256.HashData(verified)));
    }

    /// <summary>The keys go first, so that nobody opens the tenant at its old place any more; then what names before what is named.</summary>
    private async Task<MoveReport> EraseAsync(VerifiedCopy? verified, CancellationToken cancellation)
    {
        var (erased, late, retained, strays) = (0L, 0L, 0L, ImmutableArray.CreateBuilder<BlobName>());
        var moved = await source.GetAsync(Moved, cancellation) is { } list ? Encoding.UTF8.GetString(list.Span).Split('\n').ToHashSet(StringComparer.Ordinal) : [];
        foreach (var name in (await ListAsync(source, cancellation)).OrderByDescending(RankOf).ThenByDescending(name => name.Value, StringComparer.Ordinal))
        {
            if (await DigestAsync(source, name, cancellation) is not { } old)
                continue;
            if (!moved.Contains(LineOf(name, old)))
            {
                // A key never comes late: one that the new store lacks was rotated away or destroyed there.
                if (RankOf(name) < FirstKeyRank && await target.GetLengthAsync(name, cancellation) is null)
                {
                    await CopyAsync(name, cancellation, IsKept(name) ? keeping : null);
                    late++;
                }
                if (await DigestAsync(target, name, cancellation) != old)
                {
                    strays.Add(name);
                    continue;
                }
            }
            if (await source.TryDeleteAsync(name, cancellation) == DeletionOutcome.Retained)
                retained++;
            else
                erased++;
        }
        if (retained == 0 && strays.Count == 0)
            await source.DeleteAsync(Moved, cancellation);
        return new(verified, erased, late, retained, strays.ToImmutable());
    }

    private static string LineOf(BlobName name, Digest digest) => $"{digest.Sha256} {digest.Bytes} {name}";

    private async Task<List<BlobName>> ListAsync(IBlobStore store, CancellationToken cancellation)
    {
        var names = new List<BlobName>();
        await foreach (var name in store.ListAsync($"{tenant}/", cancellation))
            if (name != Arriving && name != Moved)
                names.Add(name);
        return names;
    }

    private static async Task<Digest?> DigestAsync(IBlobStore store, BlobName name, CancellationToken cancellation)
    {
        await using var content = await store.OpenReadAsync(name, cancellation);
        if (content is null)
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 17];
        var bytes = 0L;
        for (int read; (read = await content.ReadAsync(buffer, cancellation)) > 0; bytes += read)
            hash.AppendData(buffer, 0, read);
        return new(Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
    }

    /// <summary>Keys and what a destruction goes on from have to be removable at any time.</summary>
    private static bool IsKept(BlobName name) => RankOf(name) < FirstKeyRank && name.Value.Split('/') is not [_, "destruction", ..];

    // In the order in which they are copied.
    private static int RankOf(BlobName name) => name.Value.Split('/') switch
    {
        [_, "content", ..] => 0,
        [_, "resources", _, "packs", ..] => 1,
        [_, "resources", _, "base", _, not "index"] => 2,
        [_, "resources", _, "base", ..] => 3,
        [_, "resources", _, "log", ..] => 4,
        [_, "resources", ..] => 5,
        [_, "keys"] => 8,
        [_, "key-copies", ..] => 7,
        _ => 6,
    };

    private sealed record Digest(string Sha256, long Bytes);
}
