#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Flurry authors
# SPDX-License-Identifier: Apache-2.0
"""Turns a network stored with its NEST results (JSON) into a SONATA circuit, so that one and the same network can be
run by whoever reads SONATA and compared with those results.

    nest_to_sonata.py IN.json OUTDIR

IN.json: model, duration_ms, neuron_params (one list per parameter), connections (source, target, weight, delay_ms) and
inputs (target, weight, delay_ms, times_ms). OUTDIR/config.json is written last: it is there only if all is.
"""
import json
import os
import sys

import h5py
import numpy as np

NEURON_TYPE, INPUT_TYPE, EDGE_TYPE = 100, 200, 300


def new_file(folder, name):
    file = h5py.File(os.path.join(folder, name), "w")
    file.attrs["magic"] = np.uint32(0x0A7A)
    file.attrs["version"] = np.array([0, 1], dtype=np.uint32)
    return file


def write_nodes(folder, population, count, node_type, dynamics):
    with new_file(folder, population + "_nodes.h5") as file:
        nodes = file.create_group("nodes/" + population)
        nodes["node_id"] = np.arange(count, dtype=np.uint64)
        nodes["node_type_id"] = np.full(count, node_type, dtype=np.uint64)
        nodes["node_group_id"] = np.zeros(count, dtype=np.uint32)
        nodes["node_group_index"] = np.arange(count, dtype=np.uint64)
        group = nodes.create_group("0")
        for name, values in dynamics.items():
            if len(values) != count:
                raise SystemExit(f"neuron_params.{name} has {len(values)} values; expected {count}")
            group["dynamics_params/" + name] = np.array(values, dtype=np.float64)


def write_edges(folder, name, source, target, columns):
    sources, targets, weights, delays = columns
    count = len(sources)
    if not len(targets) == len(weights) == len(delays) == count:
        raise SystemExit(f"the columns of {name} differ in length; expected one value per connection")
    with new_file(folder, name + "_edges.h5") as file:
        edges = file.create_group("edges/" + name)
        edges["source_node_id"] = np.array(sources, dtype=np.uint64)
        edges["source_node_id"].attrs["node_population"] = source
        edges["target_node_id"] = np.array(targets, dtype=np.uint64)
        edges["target_node_id"].attrs["node_population"] = target
        edges["edge_type_id"] = np.full(count, EDGE_TYPE, dtype=np.uint32)
        edges["edge_group_id"] = np.zeros(count, dtype=np.uint16)
        edges["edge_group_index"] = np.arange(count, dtype=np.uint32)
        edges["0/syn_weight"] = np.array(weights, dtype=np.float64)
        edges["0/delay"] = np.array(delays, dtype=np.float64)


def write_spikes(folder, trains):
    times = np.concatenate([np.array(train, dtype=np.float64) for train in trains] + [np.empty(0)])
    ids = np.repeat(np.arange(len(trains), dtype=np.uint64), [len(train) for train in trains])
    order = np.argsort(times, kind="stable")
    with new_file(folder, "input_spikes.h5") as file:
        group = file.create_group("spikes/input")
        group.attrs["sorting"] = "by_time"
        group["timestamps"] = times[order]
        group["timestamps"].attrs["units"] = "ms"
        group["node_ids"] = ids[order]


def write_text(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="ascii") as file:
        file.write(text)


def config(duration):
    return {
        "manifest": {"$BASE_DIR": "."},
        "target_simulator": "NEST",
        "run": {"tstop": duration},
        "networks": {
            "nodes": [{"nodes_file": f"$BASE_DIR/{name}_nodes.h5", "node_types_file": "$BASE_DIR/node_types.csv"}
                      for name in ("neurons", "input")],
            "edges": [{"edges_file": f"$BASE_DIR/{name}_edges.h5", "edge_types_file": "$BASE_DIR/edge_types.csv"}
                      for name in ("neurons_to_neurons", "input_to_neurons")],
        },
        "inputs": {"input": {"input_type": "spikes", "module": "h5", "input_file": "$BASE_DIR/input_spikes.h5",
                             "node_set": "input"}},
    }


def convert(source, folder):
    with open(source, encoding="utf-8") as file:
        network = json.load(file)
    os.makedirs(folder, exist_ok=True)
    connections, inputs = network["connections"], network["inputs"]
    write_nodes(folder, "neurons", network["n_neurons"], NEURON_TYPE, network["neuron_params"])
    write_nodes(folder, "input", len(inputs), INPUT_TYPE, {})
    write_edges(folder, "neurons_to_neurons", "neurons", "neurons",
                [connections[key] for key in ("source", "target", "weight", "delay_ms")])
    write_edges(folder, "input_to_neurons", "input", "neurons",
                [range(len(inputs))] + [[train[key] for train in inputs] for key in ("target", "weight", "delay_ms")])
    write_spikes(folder, [train["times_ms"] for train in inputs])
    write_text(folder, "node_types.csv",
               "node_type_id model_type model_template\n"
               f"{NEURON_TYPE} point_neuron nest:{network['model']}\n{INPUT_TYPE} virtual NULL\n")
    write_text(folder, "edge_types.csv", f"edge_type_id model_template\n{EDGE_TYPE} static_synapse\n")
    write_text(folder, "config.json", json.dumps(config(network["duration_ms"]), indent=2) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: nest_to_sonata.py IN.json OUTDIR")
    convert(sys.argv[1], sys.argv[2])
