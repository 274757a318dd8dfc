// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/command_line.hpp"

int main(int count, char** values) { return flurry::run_command_line(count, values); }
